"""A browser without JavaScript: keeps cookies, follows redirects, fills in the forms that a page really has."""

from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import httpx
from lxml import html


class Stuck(AssertionError):
    """The story cannot go on: what the page answered, in words."""


class Browser:
    def __init__(self, site: str, *, language: str = "sw") -> None:
        self._client = httpx.Client(base_url=site, follow_redirects=True, timeout=30)
        self._prefix = "" if language == "sw" else f"/{language}"
        self.response: httpx.Response
        self.page: html.HtmlElement

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    # --- Reading -------------------------------------------------------------------------------------------
    @property
    def path(self) -> str:
        return self.response.url.path

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.find(".//h1").text_content().split())

    def open(self, path: str) -> Self:
        return self._show(self._client.get(path if path.startswith("http") else self._prefix + path))

    def reload(self) -> Self:
        return self._show(self._client.get(str(self.response.url)))

    def download(self, path: str) -> bytes:
        response = self._client.get(path)
        if response.status_code != 200:
            raise Stuck(f"{path} answered {response.status_code}")
        return response.content

    def links(self) -> dict[str, str]:
        return {" ".join(link.text_content().split()): link.get("href", "") for link in self.page.iterfind(".//a")}

    def follow(self, href_part: str) -> Self:
        """Follow the first link whose address contains `href_part`."""
        for link in self.page.iterfind(".//main//a"):
            if href_part in link.get("href", ""):
                return self.open_address(link.get("href"))
        raise Stuck(f"no link to {href_part} on {self.path}: {self.text[:400]}")

    def open_address(self, address: str) -> Self:
        return self._show(self._client.get(urljoin(str(self.response.url), address)))

    def asks(self, name: str) -> bool:
        """Whether a form of the page has a field of this name."""
        fields = (field for form in self._forms() for field in form.iter("input", "select", "textarea"))
        return any(field.get("name") == name for field in fields)

    # --- Acting --------------------------------------------------------------------------------------------
    def submit(
        self,
        fields: Mapping[str, Any] | None = None,
        *,
        action: str = "",
        button: tuple[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        marker: tuple[str, str] | None = None,
        expect: int = 200,
    ) -> Self:
        """Send the form in `main` with these fields (or this action, button, hidden marker) and its hidden values."""
        form = self._form(fields or {}, action, button, marker)
        values = dict(form.form_values())
        values |= fields or {}
        if button:
            values[button[0]] = button[1]
        address = urljoin(str(self.response.url), form.get("action") or str(self.response.url))
        data = {name: value for name, value in values.items() if not (files and name in files)}
        response = self._client.post(address, data=data, files=files, headers={"Referer": str(self.response.url)})
        return self._show(response, expect=expect)

    def _form(
        self, fields: Mapping[str, Any], action: str, button: tuple[str, str] | None, marker: tuple[str, str] | None
    ) -> html.FormElement:
        for form in self._forms():
            names = {element.get("name") for element in form.iter("input", "select", "textarea", "button")}
            buttons = {(element.get("name"), element.get("value")) for element in form.iter("button")}
            hidden = {(element.get("name"), element.get("value")) for element in form.iter("input")}
            fits = set(fields) <= names and action in (form.get("action") or "")
            if fits and (button is None or button in buttons) and (marker is None or marker in hidden):
                return form
        raise Stuck(f"no form with {sorted(fields)} {action} {button} on {self.path}: {self.text[:600]}")

    def _forms(self) -> Iterator[html.FormElement]:
        for form in self.page.iterfind(".//main//form"):
            if (form.get("method") or "get").lower() == "post":
                yield form

    def _show(self, response: httpx.Response, *, expect: int = 200) -> Self:
        self.response = response
        if "html" in response.headers.get("content-type", ""):
            self.page = html.fromstring(response.content)
        if response.status_code != expect:
            raise Stuck(f"{response.url} answered {response.status_code}, not {expect}: {self._complaint()}")
        return self

    def _complaint(self) -> str:
        errors = [item.text_content() for item in self.page.iterfind(".//*[@role='alert']")]
        return " ".join((" ".join(errors) or self.text[:600]).split())
