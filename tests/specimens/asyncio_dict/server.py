"""A proxy herd: python3 server.py NAME"""
import asyncio
import json
import re
import sys
import time
import urllib.request

PORTS = {"Alford": 15210, "Bolden": 15211, "Hamilton": 15212, "Parker": 15213, "Powell": 15214}
TALKS_TO = {
    "Alford": ["Parker", "Powell"],
    "Bolden": ["Parker", "Powell"],
    "Hamilton": ["Parker"],
    "Parker": ["Alford", "Bolden", "Hamilton"],
    "Powell": ["Alford", "Bolden"],
}
API_KEY = "AIzaSy-not-a-key"
PLACES = "https://maps.googleapis.com/maps/api/place/nearbysearch/json"

NUMBER = r"\d+(?:\.\d+)?"
POSITION = re.compile(rf"([+-]{NUMBER})([+-]{NUMBER})")

me = sys.argv[1]
clients = {}  # client -> (time, AT line)
seen = set()  # AT lines
tasks = set()


def where(text):
    found = POSITION.fullmatch(text)
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def keep(client, when, line):
    """Whether this is news."""
    fix = (float(when), line)
    if client in clients and fix <= clients[client]:
        return False
    clients[client] = fix
    seen.add(line)
    return True


async def tell(name, line):
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", PORTS[name]), 30)
        writer.write((line + "\n").encode())
        await asyncio.wait_for(writer.drain(), 30)
        writer.close()
        print(f"{me} > {name}: {line}", flush=True)
    except (OSError, asyncio.TimeoutError):
        print(f"{me} can't reach {name}", flush=True)


def flood(line, but=None):
    for name in TALKS_TO[me]:
        if name != but:
            task = asyncio.create_task(tell(name, line + " " + me))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


def ask_google(position, radius_m):
    url = f"{PLACES}?key={API_KEY}&location={position[0]},{position[1]}&radius={radius_m}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


async def iamat(client, position, when):
    if not where(position) or not re.fullmatch(NUMBER, when):
        return None
    line = f"AT {me} {time.time() - float(when):+.9f} {client} {position} {when}"
    if keep(client, when, line):
        flood(line)
    return line + "\n"


async def whatsat(client, radius, items):
    if not re.fullmatch(NUMBER, radius) or not re.fullmatch(r"\d+", items):
        return None
    if float(radius) > 50 or int(items) > 20 or client not in clients:
        return None
    line = clients[client][1]
    loop = asyncio.get_running_loop()
    try:
        places = await loop.run_in_executor(None, ask_google, where(line.split()[4]), float(radius) * 1000)
        places["results"] = places["results"][:int(items)]
    except (OSError, ValueError, KeyError):
        places = {"html_attributions": [], "results": [], "status": "UNKNOWN_ERROR"}
    text = json.dumps(places, indent=4)
    return f"{line}\n{text}\n\n"


async def answer(text):
    words = text.split()
    if words[0] == "IAMAT" and len(words) == 4:
        return await iamat(*words[1:])
    if words[0] == "WHATSAT" and len(words) == 4:
        return await whatsat(*words[1:])
    if words[0] == "AT" and len(words) == 7:
        line, sender = " ".join(words[:6]), words[6]
        if where(words[4]) and re.fullmatch(NUMBER, words[5]) and keep(words[3], words[5], line):
            flood(line, but=sender)
        return ""
    return None


async def serve(reader, writer):
    try:
        while data := await reader.readline():
            text = data.decode(errors="replace").rstrip("\r\n")
            if text.strip():
                reply = await answer(text)
                writer.write((f"? {text}\n" if reply is None else reply).encode())
                await writer.drain()
    except (OSError, ValueError) as error:
        print(f"{me} lost a client: {error}", flush=True)
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORTS[me])
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
