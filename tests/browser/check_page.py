"""What an employer does on the check page."""


def drop(page, content: bytes, name: str) -> str:
    """Choose a file, and return what the page says of it."""
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    return result(page)


def result(page) -> str:
    """Return what the page says, once it has checked."""
    page.wait_for_selector("#result h1, #result h2", state="visible")
    return page.inner_text("main")
