"""Phones and desks for the page tests: Debian's chromium against the running system."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip
WCAG_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here: it needs a browser, and one event loop for all of it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium, headless."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        await started.close()


class Window:
    """One browser window, and what it complained about."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.complaints: list[str] = []
        self.requested: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self.requested.append(request.url))

    def _hear(self, message: Any) -> None:
        # A refused request is the page's business; what it breaks shows in the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    async def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(
            await self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        )

    async def violations(self) -> list[str]:
        """Return what axe finds against WCAG 2.1 AA, one line each."""
        found = await Axe().run(self.page, options=WCAG_AA)
        return [
            f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    async def small_targets(self, least: float) -> list[str]:
        """Return every visible button or link smaller than `least` pixels in either direction."""
        found: list[str] = await self.page.evaluate(
            """least => [...document.querySelectorAll('button, a, [role=button], textarea')]
                .filter(one => one.offsetParent && !one.classList.contains('skip'))
                .map(one => {
                    // What is pressed is the field around a text area.
                    const target = one.tagName === 'TEXTAREA' ? one.closest('.field') : one;
                    return [target.getBoundingClientRect(), one];
                })
                .filter(([box]) => box.width < least - .5 || box.height < least - .5)
                .map(([box, one]) => `${box.width}x${box.height} ${one.outerHTML.slice(0, 99)}`)""",
            least,
        )
        return found

    async def keep_screenshot(self, name: str) -> None:
        """Save a picture for the README when UPDATE_SCREENSHOTS=1 asks for new ones."""
        if os.environ.get("UPDATE_SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            await self.page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


# The ring of the field stands around its text area; a shadow that is always there is no ring.
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const field = one.closest('.field');
    const style = getComputedStyle(field ?? one);
    const seen = field ? style.boxShadow !== 'none'
        : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 1;
    const name = one.getAttribute('aria-label') || one.innerText || one.id || one.tagName;
    return { seen, name: name.slice(0, 60) };
}"""


class Phone(Window):
    """The citizen page on a phone."""

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def composer(self) -> Locator:
        """Where the citizen writes."""
        return self.page.get_by_label("您要说的话")

    @property
    def answers(self) -> Locator:
        """All replies: cards, texts and notices."""
        return self.log.locator("article.theirs, p.notice")

    @property
    def chips(self) -> Locator:
        """The quick replies that can be pressed now."""
        return self.page.locator("ul.chips button")

    async def open(self, path: str = "/") -> Phone:
        """Go to the page."""
        await self.page.goto(self.origin + path)
        return self

    async def write(self, text: str) -> None:
        """Write a message and send it with the Enter key."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def ask(self, text: str) -> Locator:
        """Write a message; return the newest answer once there is a new one."""
        before = await self.answers.count()
        await self.write(text)
        newest = self.answers.nth(before)
        await expect(newest).to_be_visible()
        await expect(self.log.locator(".thinking")).to_have_count(0)
        return newest

    async def tab(self, key: str = "Tab") -> str | None:
        """Move the focus; return the name of what has it, None past the end of the page.

        Raises:
            AssertionError: the focus cannot be seen there.
        """
        await self.page.keyboard.press(key)
        focus = await self.page.evaluate(FOCUS)
        if focus is None:
            return None
        assert focus["seen"], f"no focus to be seen at {focus['name']!r}"
        return str(focus["name"])

    async def elder(self) -> None:
        """Switch to 长辈版."""
        await self.page.get_by_role("button", name="长辈版").click()

    async def logged(self) -> list[dict[str, Any]]:
        """Return the conversation as the office has it."""
        messages: list[dict[str, Any]] = await self.page.evaluate(
            """async () => {
                const { token } = JSON.parse(localStorage.getItem('paoyici.conversation'));
                const headers = { Authorization: `Bearer ${token}` };
                const answer = await fetch('/channels/web/messages?after=0', { headers });
                return (await answer.json()).messages;
            }"""
        )
        return messages

    async def times_said(self, text: str) -> int:
        """Return how often the office was told `text`."""
        said = [message["body"].get("text") for message in await self.logged()]
        return said.count(text)


class Desk(Window):
    """The staff desk in a window on a computer."""

    async def log_in(self, username: str, password: str) -> Desk:
        """Open the desk and log in."""
        await self.page.goto(f"{self.origin}/desk/")
        await self.page.get_by_label("账号").fill(username)
        await self.page.get_by_label("密码").fill(password)
        await self.page.get_by_role("button", name="登录").click()
        return self


Opened = Callable[..., Awaitable[BrowserContext]]


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser) -> AsyncIterator[Opened]:
    """Call it for a browser profile of its own; it is closed after the test."""
    contexts: list[BrowserContext] = []

    async def new(width: int, height: int, **options: Any) -> BrowserContext:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options,
        )  # fmt: skip
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        await context.close()


@pytest.fixture
def phone(opened: Opened, street_url: str) -> Callable[..., Awaitable[Phone]]:
    """Call it for a new citizen with a phone, 375 px wide unless told otherwise."""

    async def new(width: int = 375, height: int = 812, **options: Any) -> Phone:
        context = await opened(width, height, **options)
        return Phone(await context.new_page(), street_url)

    return new


@pytest.fixture
def desk(
    opened: Opened, street_url: str, staff_logins: dict[str, tuple[str, str]]
) -> Callable[..., Awaitable[Desk]]:
    """Call it with a role for a desk at which somebody of that role has logged in.

    `prepare` is given the browser's profile before the page is opened.
    """

    async def new(
        role: str | None,
        width: int = 1280,
        height: int = 800,
        prepare: Callable[[BrowserContext], Awaitable[None]] | None = None,
    ) -> Desk:
        context = await opened(width, height)
        if prepare is not None:
            await prepare(context)
        window = Desk(await context.new_page(), street_url)
        if role is not None:
            await window.log_in(*staff_logins[role])
            await expect(window.page.get_by_role("navigation")).to_be_visible()
        return window

    return new
