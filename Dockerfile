# One image, several commands: gkmonitor serve | scheduler | worker | web | db upgrade | ...
# Everything that is installed from Python is checked against the lock's hashes; nothing runs as root; no secret is in it.
FROM python:3.11-slim-bookworm

# 1: with Chromium, Chinese fonts and Playwright, for pages that scripts fill in and for screenshots of evidence.
ARG WITH_CHROMIUM=0

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

RUN if [ "$WITH_CHROMIUM" = 1 ]; then \
        apt-get update \
        && apt-get install -y --no-install-recommends chromium fonts-noto-cjk \
        && rm -rf /var/lib/apt/lists/*; \
    fi

WORKDIR /usr/src/gkmonitor
COPY requirements.lock requirements-render.lock ./
RUN if [ "$WITH_CHROMIUM" = 1 ]; then lock=requirements-render.lock; else lock=requirements.lock; fi \
    && pip install --require-hashes -r "$lock"

# The build back end is in the lock too. The compiler, with which setup.py compiles the readers, leaves again.
COPY pyproject.toml setup.py README.md LICENSE ./
COPY checks checks
COPY spiders spiders
COPY gkmonitor gkmonitor
COPY alembic alembic
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && pip install --no-deps --no-build-isolation . \
    && apt-get purge -y --auto-remove gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/* build *.egg-info

RUN useradd --uid 10001 --user-group --home-dir /var/lib/gkmonitor --shell /usr/sbin/nologin gkmonitor \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/gkmonitor /var/lib/gkmonitor/evidence
USER 10001:10001
WORKDIR /var/lib/gkmonitor
ENV HOME=/var/lib/gkmonitor \
    GKMONITOR_EVIDENCE_DIR=/var/lib/gkmonitor/evidence
VOLUME /var/lib/gkmonitor

EXPOSE 8765
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 \
    CMD ["gkmonitor", "health", "--part", "database"]
ENTRYPOINT ["gkmonitor"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8765"]
