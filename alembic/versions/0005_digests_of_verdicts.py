"""digests of verdicts; portals of a cycle by result

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inspections", sa.Column("digest", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspections_cycle_id_state_failure"), ["cycle_id", "state", "failure"], unique=False
        )
        batch_op.drop_index(batch_op.f("ix_inspections_cycle_id_state"))


def downgrade() -> None:
    with op.batch_alter_table("inspections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspections_cycle_id_state"), ["cycle_id", "state"], unique=False)
        batch_op.drop_index(batch_op.f("ix_inspections_cycle_id_state_failure"))
    op.drop_column("inspections", "digest")
