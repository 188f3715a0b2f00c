from django.db import models


class Piece(models.Model):
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=40)
    weight = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    note = models.TextField()
    version = models.IntegerField(default=1)


class PieceHistory(models.Model):
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="history")
    number = models.IntegerField()
    at = models.DateTimeField(db_index=True)
    snapshot = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["piece", "at"])]  # noqa: RUF012


class AuditLine(models.Model):
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE)
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    changes = models.JSONField()


class PieceLink(models.Model):
    source = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="links_in")
    relation = models.CharField(max_length=30)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["source", "relation", "target"], name="link_once")
        ]


class OutboxLine(models.Model):
    name = models.CharField(max_length=60)
    payload = models.JSONField()
    done = models.BooleanField(default=False)


class Measured(models.Model):
    source = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    characteristic = models.CharField(max_length=80)
    stream = models.JSONField()
    value = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=20)
    measured_at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField(auto_now_add=True)
    conform = models.BooleanField()

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=["source", "sequence"], name="measured_once")
        ]
