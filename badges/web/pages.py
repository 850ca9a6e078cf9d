"""HTML pages: templates, in the reader's language."""

from functools import partial

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from badges.web.catalogue import Catalogue
from badges.web.language import LANGUAGES, chosen_language, language_of
from badges.web.policy import security_headers


class Pages:
    """Renders the templates of `badges.web` and of the given packages (their folder `templates`)."""

    def __init__(self, catalogue: Catalogue, *template_packages: str) -> None:
        self.catalogue = catalogue
        self.environment = Environment(
            loader=ChoiceLoader([PackageLoader(package) for package in (*template_packages, "badges.web")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        cache: str = "no-store",
        camera: bool = False,
        offline: bool = False,
        **context: object,
    ) -> HTMLResponse:
        """Return a page.

        Templates get `t(key, **params)`, `language`, `languages`, `link(address)`, which keeps the language that was
        chosen, `ways`, the names and addresses of other pages that this process has, `here`, and the context.
        A page with `camera` may scan, one that is `offline` may be installed.

        Raises:
            MissingTextError: A key that the template names is in no catalogue.
        """
        language = language_of(request)
        chosen = chosen_language(request)
        html = self.environment.get_template(template).render(
            t=partial(self.catalogue.text, language),
            language=language,
            languages=LANGUAGES,
            ways=request.app.state.ways,
            here=request.url.path,
            link=lambda address: f"{address}?lang={chosen}" if chosen else address,
            **context,
        )
        headers = security_headers(camera=camera, offline=offline) | {
            "Cache-Control": cache,
            "Content-Language": language,
            "Vary": "Accept, Accept-Language",
        }
        return HTMLResponse(html, status, headers)
