"""Headless Chromium, spoken to over a pipe in the DevTools protocol: no port, no package, no network.

    with Browser() as browser:
        page = browser.open("report.html", width=360, dark=True)
        page.evaluate("document.title")
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile

NAMES = ("chromium", "chromium-headless-shell", "google-chrome")


def find():
    """The program, or None: the tests that need it are then skipped."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self, timeout=300):
        self.timeout = timeout
        self.profile = tempfile.mkdtemp(prefix="stas-browser-")
        to_read, self.to = os.pipe()
        self.source, from_write = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4. Pages are our own, so its sandbox, which root has not, may go.
        command = [find(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb",
                   "--hide-scrollbars", f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"]
        shell = f"exec 3<&{to_read} 4>&{from_write}; exec \"$@\""
        self.process = subprocess.Popen(["bash", "-c", shell, "browser", *command], pass_fds=(to_read, from_write),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.rest = b""
        self.number = 0
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(timeout=10)
        except (RuntimeError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.source)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        """The next message."""
        while b"\0" not in self.rest:
            if not select.select([self.source], [], [], self.timeout)[0]:
                raise RuntimeError(f"the browser has said nothing for {self.timeout} s")
            chunk = os.read(self.source, 1 << 16)
            if not chunk:
                raise RuntimeError("the browser ended")
            self.rest += chunk
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        answer = self.wait(lambda message: message.get("id") == self.number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def wait(self, is_it):
        """The message, of those that came or will come, that something is waited for."""
        for message in self.events:
            if is_it(message):
                return message
        while True:
            message = self.receive()
            self.events.append(message)
            if is_it(message):
                return message

    def open(self, path, width=1280, height=900, dark=False):
        return Page(self, pathlib.Path(path).resolve().as_uri(), width, height, dark)


class Page:
    """A page once it is loaded, with all that it asked for and complained of."""

    def __init__(self, browser, address, width, height, dark):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Page.setLifecycleEventsEnabled", enabled=True)
        loader = self.call("Page.navigate", url=address)["loaderId"]
        browser.wait(lambda event: event.get("method") == "Page.lifecycleEvent" and event["params"]["name"] == "load"
                     and event["params"]["loaderId"] == loader)
        self.address = address

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']['text']}")
        return result["result"].get("value")

    def mine(self, method):
        return [event["params"] for event in self.browser.events
                if event.get("method") == method and event.get("sessionId") == self.session]

    def requests(self):
        """Addresses, other than the page's own, that it asked for; data: is within the page."""
        addresses = [event["request"]["url"] for event in self.mine("Network.requestWillBeSent")]
        return [address for address in addresses if address != self.address and not address.startswith("data:")]

    def complaints(self):
        """What stands in the console, errors and warnings of the browser's own included."""
        console = [event["args"] for event in self.mine("Runtime.consoleAPICalled")]
        thrown = [event["exceptionDetails"]["text"] for event in self.mine("Runtime.exceptionThrown")]
        return console + thrown + [event["entry"]["text"] for event in self.mine("Log.entryAdded")]

    def screenshot(self, path, top=None):
        """The page, or the first `top` pixels of it."""
        width, height = self.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, top or height), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))
