# syntax=docker/dockerfile:1
ARG PYTHON_IMAGE=python:3.13-slim-trixie

FROM ${PYTHON_IMAGE} AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN --mount=type=cache,target=/root/.cache pip install --root-user-action=ignore "uv==0.13.9"
RUN python -m venv --without-pip /venv
RUN --mount=type=cache,target=/root/.cache \
    --mount=type=bind,source=requirements.txt,target=/requirements.txt \
    uv pip install --python /venv/bin/python --no-deps --require-hashes -r /requirements.txt
# Languages of the pages (LANGUAGES in settings/base.py); of the others the rules for prices are left out.
ARG LANGUAGES="en de ru"
RUN --mount=type=bind,source=scripts/image_slim.py,target=/image_slim.py \
    python /image_slim.py /venv/lib/python3*/site-packages ${LANGUAGES}

FROM ${PYTHON_IMAGE} AS runtime
# Threads that each keep freed memory of their own: a worker that makes pictures peaks at 246 MB with two such keeps, at
# 358 MB with as many as glibc likes.
ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH PORT=8000 MALLOC_ARENA_MAX=2
RUN useradd --uid 1000 --create-home app
WORKDIR /app
COPY --from=build /venv /venv
# The code belongs to root: whoever got into the shop could not change it.
COPY . .
RUN python -m compileall -q manage.py gunicorn.conf.py checkout products site \
 && SECRET_KEY=build DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput --verbosity 0 \
 && python -B scripts/image_whole.py \
 && mkdir -p var/downloads media && chown -R app:app var media
USER app
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=180s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/healthz' % os.environ['PORT'], timeout=4)"]
ENTRYPOINT ["./entrypoint.sh"]
CMD ["gunicorn", "-c", "gunicorn.conf.py", "storefront.wsgi"]
