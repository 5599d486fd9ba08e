# usage: python3 server.py NAME
import json
import logging
import socket
import sys
import threading
import time
import urllib.request

# Goloman, Hands, Holiday, Welsh, Wilkes
SERVERS = ["Goloman", "Hands", "Holiday", "Welsh", "Wilkes"]
PORTS = [15220, 15221, 15222, 15223, 15224]
EDGES = [(0, 1), (0, 2), (0, 4), (1, 4), (2, 3), (2, 4)]
URL = "https://maps.googleapis.com/maps/api/place/nearbysearch/json"


class Herd:
    def __init__(self, name):
        self.name = name
        self.index = SERVERS.index(name)
        self.neighbours = [b if a == self.index else a for a, b in EDGES if self.index in (a, b)]
        self.lock = threading.Lock()
        self.fixes = {}

    def run(self):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("localhost", PORTS[self.index]))
        listener.listen(64)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=self.handle, args=(conn,), daemon=True).start()

    def handle(self, conn):
        with conn:
            conn.settimeout(30)
            try:
                request = conn.recv(4096).decode("latin-1")
                logging.info("<- %r", request)
                reply = self.reply(request.strip())
                logging.info("-> %r", reply)
                conn.sendall(reply.encode("latin-1"))
            except OSError as error:
                logging.warning("client lost: %s", error)

    def reply(self, request):
        words = request.split()
        try:
            if words[:1] == ["IAMAT"]:
                return self.iamat(*words[1:])
            if words[:1] == ["WHATSAT"]:
                return self.whatsat(*words[1:])
            if words[:1] == ["PEER"]:
                return self.peer(*words[1:])
        except (TypeError, ValueError, KeyError):
            pass
        return "? " + request if request else ""

    def iamat(self, client, position, sent):
        latitude_longitude(position)
        when = number(sent)
        line = "AT %s %+f %s %s %s" % (self.name, time.time() - when, client, position, sent)
        if self.store(client, when, line):
            self.spread(line, None)
        return line

    def peer(self, sender, *words):
        line = " ".join(words)
        _, _, _, client, position, sent = words
        latitude_longitude(position)
        if self.store(client, number(sent), line):
            self.spread(line, sender)
        return ""

    def store(self, client, when, line):
        with self.lock:
            if client in self.fixes and self.fixes[client] >= (when, line):
                return False
            self.fixes[client] = (when, line)
            return True

    def spread(self, line, sender):
        message = "PEER %s %s" % (self.name, line)
        for index in self.neighbours:
            if SERVERS[index] != sender:
                threading.Thread(target=self.send, args=(index, message), daemon=True).start()

    def send(self, index, message):
        try:
            with socket.create_connection(("localhost", PORTS[index]), timeout=5) as conn:
                conn.sendall(message.encode("latin-1"))
                conn.recv(1)  # closes once it is taken
        except OSError as error:
            logging.warning("%s: %s", SERVERS[index], error)

    def whatsat(self, client, radius, items):
        radius, items = number(radius), int(items)
        if not 0 <= radius <= 50 or not 0 <= items <= 20:
            raise ValueError
        line = self.fixes[client][1]
        latitude, longitude = latitude_longitude(line.split()[4])
        query = "?location=%f,%f&radius=%d&key=%s" % (latitude, longitude, radius * 1000, "none")
        try:
            places = json.loads(urllib.request.urlopen(URL + query, timeout=5).read())
            places["results"] = places["results"][:items]
        except Exception as error:
            logging.warning("places: %s", error)
            places = {"html_attributions": [], "results": [], "status": "UNKNOWN_ERROR"}
        return line + "\n" + json.dumps(places, indent=3) + "\n\n"


def number(text):
    if set(text) - set("+-.0123456789"):
        raise ValueError(text)
    return float(text)


def latitude_longitude(text):
    cut = max(text.rfind("+"), text.rfind("-"))
    if cut < 1 or text[0] not in "+-":
        raise ValueError(text)
    latitude, longitude = number(text[:cut]), number(text[cut:])
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(text)
    return latitude, longitude


if len(sys.argv) != 2 or sys.argv[1] not in SERVERS:
    sys.exit("Usage: python3 server.py NAME")
logging.basicConfig(filename=sys.argv[1] + ".log", level=logging.INFO)
Herd(sys.argv[1]).run()
