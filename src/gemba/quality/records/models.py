"""The tables that every record shares. Rows of sealed tables are written once and never changed."""

from __future__ import annotations

from django.db import models

from gemba.quality.records.canonical import from_microseconds
from gemba.quality.records.store.schema import RowId

CATEGORIES = ("draft", "open", "approved", "effective", "closed", "void")


class Sequence(models.Model):
    """The next number of a name on an embedded store; a grown store uses the database's own sequences."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()


class Counter(models.Model):
    """The last number given to records of one type, site and year: gapless, never reused."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.BigIntegerField()


class Site(models.Model):
    """A plant, laboratory or office: every record belongs to one."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60, default="UTC")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Header(models.Model):
    """What every record has; links, tasks, remarks and signatures join headers."""

    id = RowId(primary_key=True)
    type = models.CharField(max_length=40)
    number = models.CharField(max_length=60, null=True, unique=True)
    title = models.CharField(max_length=200)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    state = models.CharField(max_length=40)
    category = models.CharField(max_length=10)
    originator = models.CharField(max_length=80)
    owner = models.CharField(max_length=80, blank=True)
    opened_at = models.BigIntegerField()
    due_at = models.BigIntegerField(null=True)
    valid_from = models.BigIntegerField(null=True)
    valid_until = models.BigIntegerField(null=True)
    version = models.IntegerField()
    own_fields = models.TextField(default="{}")
    external = models.CharField(max_length=120, blank=True)

    class Meta:  # noqa: D106
        indexes = [  # noqa: RUF012 (Django's form)
            models.Index(fields=["type", "category", "-opened_at"]),
            models.Index(fields=["type", "state"]),
            models.Index(fields=["owner", "category"]),
        ]
        constraints = [  # noqa: RUF012
            models.CheckConstraint(condition=models.Q(category__in=CATEGORIES), name="header_category"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="header_version"),
            models.CheckConstraint(
                condition=models.Q(category="draft") | models.Q(number__isnull=False), name="header_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or 'draft'} {self.title}"


class Version(models.Model):
    """A record as it stood after one change: the whole snapshot, on two clocks. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, db_constraint=True, related_name="versions")
    number = models.IntegerField()
    recorded_at = models.BigIntegerField()
    effective_from = models.BigIntegerField()
    schema = models.IntegerField()
    snapshot = models.TextField()

    class Meta:  # noqa: D106
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["header", "number"], name="version_once"),
        ]
        indexes = [  # noqa: RUF012
            models.Index(fields=["header", "recorded_at"]),
            models.Index(fields=["header", "effective_from"]),
        ]


class Entry(models.Model):
    """One line of the trail: who did what to which record, when, why, from where. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, null=True, related_name="entries")
    version = models.IntegerField(null=True)
    action = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    reason = models.TextField()
    detail = models.TextField()
    client = models.CharField(max_length=200)
    cause = models.BigIntegerField(null=True)

    class Meta:  # noqa: D106
        indexes = [  # noqa: RUF012
            models.Index(fields=["header", "id"]),
            models.Index(fields=["actor", "id"]),
        ]

    @property
    def moment(self) -> object:
        """When, as a moment in UTC."""
        return from_microseconds(self.at)


class Seal(models.Model):
    """The end of one transaction: digests of all its sealed rows, chained to the seal before it."""

    number = RowId(primary_key=True)
    tx = models.BigIntegerField(unique=True)
    at = models.BigIntegerField()
    rows = models.TextField()
    digests = models.BinaryField()
    hash = models.BinaryField()


class Link(models.Model):
    """A typed link between two records, to a revision where that matters. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    source = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="links_out")
    relation = models.CharField(max_length=30)
    target = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="links_in")
    target_version = models.IntegerField(null=True)
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    why = models.TextField()

    class Meta:  # noqa: D106
        indexes = [  # noqa: RUF012
            models.Index(fields=["source", "relation"]),
            models.Index(fields=["target", "relation"]),
        ]


class LinkEnd(models.Model):
    """That a link no longer holds, by whom and why; the link stays readable. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    link = models.OneToOneField(Link, on_delete=models.PROTECT, related_name="end")
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    why = models.TextField()


class Event(models.Model):
    """A fact that others react to, written in the transaction that made it true. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    name = models.CharField(max_length=60)
    header = models.ForeignKey(Header, on_delete=models.PROTECT, null=True)
    payload = models.TextField()
    cause = models.BigIntegerField(null=True)
    depth = models.IntegerField()
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        indexes = [models.Index(fields=["name", "id"])]  # noqa: RUF012


class Delivery(models.Model):
    """One event to one reaction: claimed by conditional update, retried, done once."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    reaction = models.CharField(max_length=80)
    header = models.BigIntegerField()
    state = models.CharField(max_length=10)
    attempts = models.IntegerField(default=0)
    due_at = models.BigIntegerField()
    claimed_until = models.BigIntegerField(default=0)
    done_at = models.BigIntegerField(null=True)
    error = models.TextField(default="")

    class Meta:  # noqa: D106
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["event", "reaction"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "done", "failed")), name="delivery_state"
            ),
        ]
        indexes = [  # noqa: RUF012
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["header", "state"]),
            models.Index(fields=["reaction", "state", "done_at"], name="delivery_newest"),
        ]


class Signature(models.Model):
    """Who signed which version, when, and what the signature means. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="signatures")
    version = models.IntegerField()
    signer = models.CharField(max_length=80)
    name_id = models.BigIntegerField()
    meaning = models.CharField(max_length=40)
    at = models.BigIntegerField()
    signed = models.CharField(max_length=64)

    class Meta:  # noqa: D106
        indexes = [models.Index(fields=["header", "version"])]  # noqa: RUF012


class Task(models.Model):
    """Something that somebody must do: who, until when, who is told when it is late, done by whom."""

    id = RowId(primary_key=True)
    header = models.ForeignKey(Header, on_delete=models.PROTECT, null=True, related_name="tasks")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    what = models.CharField(max_length=80)
    values = models.TextField()
    subject = models.CharField(max_length=120, blank=True)
    assignee = models.CharField(max_length=80)
    escalated_to = models.CharField(max_length=80, blank=True)
    opened_at = models.BigIntegerField()
    opened_by = models.CharField(max_length=80)
    due_at = models.BigIntegerField(null=True)
    ladder = models.TextField(default="[]")
    rung = models.IntegerField(default=0)
    next_at = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="open")
    done_at = models.BigIntegerField(null=True)
    done_by = models.CharField(max_length=80, blank=True)
    evidence = models.TextField(blank=True)
    entry = models.BigIntegerField()

    class Meta:  # noqa: D106
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(state="open") & ~models.Q(subject=""), name="task_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", done_at=None)
                | models.Q(state="done", done_at__isnull=False),
                name="task_state",
            ),
        ]
        indexes = [  # noqa: RUF012
            models.Index(fields=["assignee", "state"]),
            models.Index(fields=["escalated_to", "state"]),
            models.Index(fields=["state", "next_at"]),
            models.Index(fields=["header", "state"]),
        ]


class Remark(models.Model):
    """What somebody adds to a record in words, on a closed one too; never changed. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="remarks")
    version = models.IntegerField()
    addendum = models.IntegerField()
    about = models.ForeignKey("self", on_delete=models.PROTECT, null=True)
    text = models.TextField()
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        indexes = [models.Index(fields=["header", "id"])]  # noqa: RUF012


class Attachment(models.Model):
    """A file of a record: what it is called and what it is; its bytes lie in the data folder. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    header = models.ForeignKey(Header, on_delete=models.PROTECT, related_name="attachments")
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, null=True)
    name = models.CharField(max_length=150)
    media = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=60, unique=True)
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()
    note = models.TextField()

    class Meta:  # noqa: D106
        indexes = [models.Index(fields=["header", "id"])]  # noqa: RUF012


class OwnField(models.Model):
    """One definition of a field that a plant added to a type of record; the last one counts. Sealed."""

    id = RowId(primary_key=True)
    tx = models.BigIntegerField()
    type = models.CharField(max_length=40)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    key = models.CharField(max_length=40)
    revision = models.IntegerField()
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    choices = models.TextField()
    required_at = models.TextField()
    retired = models.IntegerField()
    actor = models.CharField(max_length=80)
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        indexes = [models.Index(fields=["type", "id"])]  # noqa: RUF012
