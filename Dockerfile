# One image, three targets: issuer, registry, verifier. Pin the base by digest before production:
#   docker buildx imagetools inspect python:3.13-slim --format '{{.Manifest.Digest}}'
FROM node:22-slim AS pages
WORKDIR /src/verifier/browser
COPY verifier/browser/package.json verifier/browser/package-lock.json verifier/browser/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY badges/web/static /src/badges/web/static
COPY verifier/browser ./
RUN node build.mjs

FROM python:3.13-slim AS installed
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# psycopg is LGPL: the operator adds it by choosing this lock (docs/decisions/postgresql-driver-is-optional.md).
COPY requirements-postgresql.lock ./
RUN python -m venv /opt/akashi && /opt/akashi/bin/pip install --require-hashes -r requirements-postgresql.lock
COPY pyproject.toml README.md LICENSE ./
COPY akashi akashi
COPY badges badges
COPY issuer issuer
COPY keys keys
COPY registry registry
COPY schemas schemas
COPY verifier verifier
COPY --from=pages /src/verifier/static/app verifier/static/app
RUN /opt/akashi/bin/pip install --no-deps .

FROM python:3.13-slim AS service
ENV PATH=/opt/akashi/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home akashi && install -d -o akashi -g akashi -m 0700 /data
COPY --from=installed /opt/akashi /opt/akashi
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]

FROM service AS issuer
ENV ISSUER_DATA=/data
CMD ["uvicorn", "--factory", "issuer.app:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-server-header", "--log-level", "warning"]

FROM service AS registry
ENV REGISTRY_DATA=/data
CMD ["uvicorn", "--factory", "registry.app:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-server-header", "--log-level", "warning"]

FROM service AS verifier
ENV VERIFIER_DATA=/data
CMD ["uvicorn", "--factory", "verifier.app:create_app", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-server-header", "--log-level", "warning"]
