# syntax=docker/dockerfile:1
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,target=/root/.cache pip install --root-user-action=ignore "uv==0.13.9"
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,source=requirements.txt,target=/requirements.txt \
    uv pip install --python /venv/bin/python --no-deps --require-hashes -r /requirements.txt

FROM ${PYTHON_IMAGE} AS runtime
ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH PORT=8000
RUN useradd --uid 1000 --create-home app
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=app:app . .
RUN python -m compileall -q manage.py gunicorn.conf.py checkout products site \
 && mkdir -p var media staticfiles && chown -R app:app /app
USER app
RUN SECRET_KEY=build DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/healthz' % os.environ['PORT'], timeout=4)"]
ENTRYPOINT ["./entrypoint.sh"]
CMD ["gunicorn", "-c", "gunicorn.conf.py", "storefront.wsgi"]
