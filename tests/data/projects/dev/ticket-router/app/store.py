from datetime import datetime, timezone

from sqlalchemy import String, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.settings import get_settings

engine = create_engine(get_settings().database_url)


class Base(DeclarativeBase):
    pass


class Ticket(Base):
    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    team: Mapped[str] = mapped_column(String(40))
    mood: Mapped[str] = mapped_column(String(20))
    draft: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=lambda: datetime.now(timezone.utc))


def save(ticket: Ticket) -> int:
    with Session(engine) as session:
        session.add(ticket)
        session.commit()
        return ticket.id


def by_team(team: str) -> list[Ticket]:
    with Session(engine) as session:
        return list(session.scalars(select(Ticket).where(Ticket.team == team).order_by(Ticket.created)))
