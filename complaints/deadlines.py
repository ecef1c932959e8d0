"""Clocks of a case."""

from datetime import datetime, timedelta

DECIDE_WITHIN = timedelta(days=15)  # calendar days from receipt: 银行业保险业消费投诉处理管理办法 (2020, No. 3)


def decide_by(filed_at: datetime) -> datetime:
    return filed_at + DECIDE_WITHIN
