"""An invented office with six invented complaints, for trying the portal out."""

PASSWORD = "holdfast-demo"  # noqa: S105 (printed at every start; the demo is for one's own computer)

# Username, password, role (complaints.models.Role). Plain data, so that a program without Django can print it.
LOGINS: list[tuple[str, str, str]] = [
    ("supervisor", PASSWORD, "supervisor"),
    ("supervisor2", PASSWORD, "supervisor"),
    ("south", PASSWORD, "investigator"),
    ("south2", PASSWORD, "investigator"),
    ("north", PASSWORD, "investigator"),
    ("auditor", PASSWORD, "auditor"),
    ("administrator", PASSWORD, "administrator"),
]
