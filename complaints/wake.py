"""Start tasks after the commit. They are named by strings, so that no room imports `tasks`."""

from uuid import UUID

from evidence.wake import after_commit


def route(case_id: int) -> None:
    after_commit("complaints.tasks.route_case", case_id)


def make_bundle(export_id: UUID) -> None:
    after_commit("complaints.tasks.make_bundle", str(export_id))


def make_bundles() -> None:
    """Make the next bundle that waits."""
    after_commit("complaints.tasks.make_bundles")


def run_bulk(job_id: int) -> None:
    after_commit("complaints.tasks.run_bulk", job_id)


def send_notice(notice_id: int) -> None:
    after_commit("complaints.tasks.send_notice", notice_id)


def send_enquiry_mail() -> None:
    after_commit("complaints.tasks.send_enquiry_mail")
