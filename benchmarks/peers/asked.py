"""What a user would build instead, served: Django, django-ninja and the ORM, a row a request.

``python asked.py FOLDER PORT`` makes and serves it with 4 threads, on a durable SQLite file, or on the
PostgreSQL of ``GEMBA_DATABASE``. A reading is checked by a schema, held against the specification and stored
before the answer; nothing is held against limits, sealed or chained, and what is sent twice is refused by a
constraint.
"""

import json
import os
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))


def configure(folder: Path) -> None:
    """Django with one application and one table."""
    import django
    from django.conf import settings

    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.settings.database import database_settings

    address = os.environ.get("GEMBA_DATABASE", "")
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    embedded = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / "peer.sqlite3"),
        "OPTIONS": options,
    }
    database = database_settings(address, DataFolder(folder)) if address else embedded
    settings.configure(
        DATABASES={"default": database | {"CONN_MAX_AGE": 600}},
        INSTALLED_APPS=["plain"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of a benchmark",  # noqa: S106 (lives for seconds)
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )
    django.setup()


def make_tables() -> None:
    """The table of readings."""
    from django.db import connection
    from plain.models import Measured

    if Measured._meta.db_table not in connection.introspection.table_names():  # noqa: SLF001 (public)
        with connection.schema_editor() as editor:
            editor.create_model(Measured)


def make_api() -> Any:
    """One operation for one reading, one for many."""
    from ninja import NinjaAPI, Schema
    from plain.models import Measured

    class Sent(Schema):
        source: str
        sequence: int
        characteristic: str
        stream: dict[str, str]
        value: Decimal
        unit: str
        measured_at: datetime

    api = NinjaAPI()

    def row(sent: Sent) -> Measured:
        conform = Decimal("9.8") <= sent.value <= Decimal("10.2")
        return Measured(**sent.dict(), conform=conform)

    @api.post("/one")
    def one(request: Any, sent: Sent) -> dict[str, Any]:  # noqa: ARG001 (the framework names it)
        made = row(sent)
        made.save()
        return {"id": made.pk, "conform": made.conform}

    @api.post("/many")
    def many(request: Any, sent: list[Sent]) -> dict[str, Any]:  # noqa: ARG001
        made = Measured.objects.bulk_create([row(item) for item in sent])
        return {"receipts": [{"id": item.pk, "conform": item.conform} for item in made]}

    @api.get("/ready")
    def ready(request: Any) -> dict[str, str]:  # noqa: ARG001
        return {"status": "ready"}

    return api


def main(folder: Path, port: int) -> None:
    """Serve by uvicorn with Django behind WSGI, as fast as this pair goes."""
    configure(folder)
    import uvicorn
    from a2wsgi import WSGIMiddleware
    from django.core.wsgi import get_wsgi_application
    from django.urls import path

    globals()["urlpatterns"] = [path("", make_api().urls)]
    make_tables()
    (folder / "seed.json").write_text(
        json.dumps({"token": "none", "characteristics": ["CHR-1"]}), encoding="utf-8"
    )
    app: Any = WSGIMiddleware(get_wsgi_application(), workers=4)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_config=None, http="httptools")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
