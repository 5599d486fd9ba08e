"""Serves one request per connection: all that comes until its end."""
import argparse
import asyncio
import json
import os
import re
import time
import urllib.request

NAMES = ("Juzang", "Bernard", "Jaquez", "Johnson", "Clark")


def port_of(name):
    return 15250 + NAMES.index(name)


def friends_of(name):
    if name == "Juzang":
        return ["Clark", "Bernard", "Johnson"]
    elif name == "Bernard":
        return ["Juzang", "Jaquez", "Johnson"]
    elif name == "Jaquez":
        return ["Bernard", "Clark"]
    elif name == "Johnson":
        return ["Juzang", "Bernard"]
    elif name == "Clark":
        return ["Juzang", "Jaquez"]


class Location:
    def __init__(self, text):
        found = re.fullmatch(r"([-+]\d+\.?\d*)([-+]\d+\.?\d*)", text)
        if found is None:
            raise ValueError("not a location: " + text)
        self.latitude, self.longitude = map(float, found.groups())
        if abs(self.latitude) > 90 or abs(self.longitude) > 180:
            raise ValueError("not on Earth: " + text)


class Server:
    def __init__(self, name):
        self.name = name
        self.count = 0
        self.handled = set()
        self.users = {}
        self.log = open(os.path.join("logs", name + ".txt"), "w", buffering=1)

    async def run(self):
        server = await asyncio.start_server(self.on_connection, "localhost", port_of(self.name))
        async with server:
            await server.serve_forever()

    async def on_connection(self, reader, writer):
        request = (await reader.read()).decode("utf-8", "replace").strip()
        self.log.write("GOT " + request + "\n")
        response = await self.respond(request)
        if response:
            self.log.write("SENT " + response + "\n")
            writer.write(response.encode())
            await writer.drain()
        writer.close()

    async def respond(self, request):
        words = request.split()
        if not words:
            return ""
        try:
            if words[0] == "IAMAT" and len(words) == 4:
                return self.iamat(*words[1:])
            if words[0] == "WHATSAT" and len(words) == 4:
                return await self.whatsat(*words[1:])
            if words[0] == "UPDATE" and len(words) == 9:
                return self.update(words[1], words[2], words[3:])
        except (KeyError, ValueError) as problem:
            self.log.write("BAD %r\n" % problem)
        return "? " + request + "\n"

    def iamat(self, user, location, sent):
        Location(location)
        skew = time.time() - parse_time(sent)
        at = ["AT", self.name, "%+.7f" % skew, user, location, sent]
        self.count += 1
        number = "%s-%d-%d" % (self.name, os.getpid(), self.count)
        self.handled.add(number)
        if self.is_newer(at):
            self.users[user] = at
            self.flood(number, at)
        return " ".join(at) + "\n"

    def update(self, number, sender, at):
        if number in self.handled:
            return ""
        self.handled.add(number)
        if self.is_newer(at):
            self.users[at[3]] = at
        self.flood(number, at, sender)
        return ""

    def is_newer(self, at):
        held = self.users.get(at[3])
        return held is None or (parse_time(held[5]), held) < (parse_time(at[5]), at)

    def flood(self, number, at, sender=None):
        message = " ".join(["UPDATE", number, self.name] + at)
        for name in friends_of(self.name):
            if name != sender:
                asyncio.get_running_loop().create_task(self.send(name, message))

    async def send(self, name, message):
        try:
            _, writer = await asyncio.open_connection("localhost", port_of(name))
        except OSError:
            self.log.write("NO " + name + "\n")
            return
        self.log.write("TO " + name + " " + message + "\n")
        writer.write(message.encode())
        writer.write_eof()
        writer.close()

    async def whatsat(self, user, radius, count):
        radius = parse_number(radius)
        count = int(parse_number(count))
        if radius > 50 or count > 20:
            raise ValueError("out of bounds")
        at = self.users[user]
        loop = asyncio.get_running_loop()
        body = await loop.run_in_executor(None, search, Location(at[4]), radius, count)
        return " ".join(at) + "\n" + body.rstrip("\n") + "\n\n"


def parse_time(text):
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise ValueError("not a time: " + text)
    return float(text)


def parse_number(text):
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise ValueError("not a number: " + text)
    return float(text)


def search(location, radius, count):
    body = {
        "maxResultCount": max(1, count),
        "locationRestriction": {
            "circle": {
                "center": {"latitude": location.latitude, "longitude": location.longitude},
                "radius": radius * 1000,
            }
        },
    }
    headers = {
        "Content-Type": "application/json",
        "X-Goog-Api-Key": "put-yours-here",
        "X-Goog-FieldMask": "places.displayName,places.location",
    }
    url = "https://places.googleapis.com/v1/places:searchNearby"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            found = json.load(answer).get("places", [])
    except (OSError, ValueError):
        found = []
    return json.dumps({"html_attributions": [], "results": found[:count], "status": "OK"}, indent=2)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=NAMES)
    asyncio.run(Server(parser.parse_args().name).run())
