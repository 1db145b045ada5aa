"""digests of items and of their texts

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("listed_digest", sa.LargeBinary(length=8), nullable=True))
    op.add_column("items", sa.Column("dated_by", sa.String(length=40), nullable=True))
    changed = sa.text("earlier <> '[]'")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_items_changed", ["column_id"], unique=False, sqlite_where=changed, postgresql_where=changed
        )

    op.create_table(
        "item_texts",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_texts_item_id_items")),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_item_texts")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("item_texts")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("ix_items_changed")

    op.drop_column("items", "dated_by")
    op.drop_column("items", "listed_digest")
