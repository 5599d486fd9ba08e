"""Lines end with CR LF, and who closes wants no reply."""
import asyncio
import http.client
import json
import re
import sys
import time

import conf


class LineReceiver(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b''

    def data_received(self, data):
        self.buffer += data
        while b'\r\n' in self.buffer:
            line, self.buffer = self.buffer.split(b'\r\n', 1)
            self.line_received(line.decode('latin-1'))

    def eof_received(self):
        self.transport.abort()

    def send_line(self, line):
        self.transport.write(line.encode('latin-1') + b'\r\n')


class ProxyHerdProtocol(LineReceiver):
    def __init__(self, factory):
        self.factory = factory

    def line_received(self, line):
        print('received:', line)
        params = line.split()
        if not params:
            return
        command = {'IAMAT': self.iamat, 'WHATSAT': self.whatsat, 'AT': self.at}.get(params[0])
        if command is None or not command(*params):
            self.send_line('? ' + line)

    def iamat(self, *params):
        if len(params) != 4:
            return False
        _, client, location, stamp = params
        if not parse_location(location) or not re.match(r'^[0-9]+(\.[0-9]+)?$', stamp):
            return False
        diff = time.time() - float(stamp)
        response = 'AT %s %s %s %s %s' % (self.factory.name, '%+.6f' % diff, client, location, stamp)
        self.factory.update(client, float(stamp), response)
        self.send_line(response)
        return True

    def at(self, *params):
        if len(params) < 7 or params[6] != 'VISITED' or not parse_location(params[4]):
            return False
        if not re.match(r'^[0-9]+(\.[0-9]+)?$', params[5]):
            return False
        self.factory.update(params[3], float(params[5]), ' '.join(params[:6]), params[7:])
        return True

    def whatsat(self, *params):
        if len(params) != 4 or not re.match(r'^[0-9]+(\.[0-9]+)?$', params[2]) or not params[3].isdigit():
            return False
        radius, limit = float(params[2]), int(params[3])
        if radius > 50 or limit > 20 or params[1] not in self.factory.clients:
            return False
        stored = self.factory.clients[params[1]][1]
        future = asyncio.ensure_future(self.factory.places(stored.split()[4], radius * 1000))
        future.add_done_callback(lambda done: self.send_places(stored, done.result(), limit))
        return True

    def send_places(self, stored, places, limit):
        places['results'] = places['results'][:limit]
        self.send_line(stored)
        self.send_line(json.dumps(places, indent=2))
        self.send_line('')


class ProxyHerd:
    def __init__(self, name):
        self.name = name
        self.clients = {}

    def update(self, client, stamp, response, visited=()):
        if client in self.clients and self.clients[client] >= (stamp, response):
            return
        self.clients[client] = (stamp, response)
        for neighbor in conf.NEIGHBORS[self.name]:
            if neighbor not in visited:
                line = ' '.join([response, 'VISITED', self.name] + list(visited))
                asyncio.ensure_future(self.send(neighbor, line))

    async def send(self, neighbor, line):
        try:
            reader, writer = await asyncio.open_connection('localhost', conf.PORT_NUM[neighbor])
            writer.write(line.encode('latin-1') + b'\r\n')
            writer.close()
            print('sent to', neighbor + ':', line)
        except OSError:
            print('no connection to', neighbor)

    async def places(self, location, radius):
        try:
            return await asyncio.get_event_loop().run_in_executor(None, request_places, location, radius)
        except Exception as error:
            print('places:', error)
            return {'html_attributions': [], 'results': [], 'status': 'UNKNOWN_ERROR'}


def parse_location(text):
    match = re.match(r'^([+-][0-9]+(?:\.[0-9]+)?)([+-][0-9]+(?:\.[0-9]+)?)$', text)
    if match is None or abs(float(match.group(1))) > 90 or abs(float(match.group(2))) > 180:
        return None
    return float(match.group(1)), float(match.group(2))


def request_places(location, radius):
    connection = http.client.HTTPSConnection('maps.googleapis.com', timeout=5)
    path = '/maps/api/place/nearbysearch/json?location=%f,%f' % parse_location(location)
    connection.request('GET', path + '&radius=%d&sensor=false&key=%s' % (radius, conf.API_KEY))
    return json.loads(connection.getresponse().read().decode())


async def main():
    herd = ProxyHerd(sys.argv[1])
    loop = asyncio.get_event_loop()
    server = await loop.create_server(lambda: ProxyHerdProtocol(herd), 'localhost', conf.PORT_NUM[herd.name])
    await server.serve_forever()


asyncio.run(main())
