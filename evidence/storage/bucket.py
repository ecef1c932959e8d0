"""Stores the vault's files in an S3 bucket. The files are encrypted before they are sent."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .frames import Stream
from .places import AlreadyStored, Missing, PerhapsStored, Unreachable

MARK = "attempt"  # name of the metadata that says which attempt stored a file
ABSENT = {"404", "NoSuchKey", "NotFound"}
TAKEN = {"412", "PreconditionFailed"}  # not 409: another request is writing, and it may still fail


class Bucket:
    """A Place at `s3://bucket/folder?endpoint=https://…&region=…`. boto3 finds the credentials
    (`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or the machine's role)."""

    def __init__(self, url: SplitResult, staging: Path) -> None:
        self.staging = staging
        self.bucket = url.netloc
        self.folder = f"{unquote(url.path).strip('/')}/".lstrip("/")
        options = {name: values[0] for name, values in parse_qs(url.query).items()}
        self._client = _client(options.get("endpoint"), options.get("region"))

    def keep(self, staged: Path, name: str) -> None:
        """Store the staged file. If an answer is lost, boto3 sends it again, and the server says that the name is
        taken: by our first attempt, when what is stored has its mark and size."""
        key, mark = self.folder + name, {MARK: secrets.token_hex(16)}
        with _translated_errors(name), staged.open("rb") as file:
            if self._stored(key) is not None:  # for servers that ignore IfNoneMatch
                raise AlreadyStored(name)
            try:
                self._client.put_object(Bucket=self.bucket, Key=key, Body=file, IfNoneMatch="*", Metadata=mark)
            except ClientError as error:
                if _error_code(error) not in TAKEN:
                    raise PerhapsStored(str(error)) from error
                ours = (staged.stat().st_size, mark[MARK])
                if self._stored(key) not in (ours, (ours[0], "")):
                    raise
            except BotoCoreError as error:
                raise PerhapsStored(str(error)) from error

    def _stored(self, key: str) -> tuple[int, str] | None:
        """Size in bytes and mark of what is stored under the key; None if there is nothing. The mark is empty if
        the server keeps none."""
        try:
            head = self._client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if _error_code(error) in ABSENT:
                return None
            raise
        return int(head["ContentLength"]), str(head.get("Metadata", {}).get(MARK, ""))

    def size(self, name: str) -> int:
        with _translated_errors(name):
            return int(self._client.head_object(Bucket=self.bucket, Key=self.folder + name)["ContentLength"])

    def open(self, name: str, start: int, length: int) -> Stream:
        part = f"bytes={start}-{start + length - 1}"
        with _translated_errors(name):
            answer = self._client.get_object(Bucket=self.bucket, Key=self.folder + name, Range=part)
        return _Body(answer["Body"], name)

    def delete(self, name: str) -> None:
        with _translated_errors(name):
            self._client.delete_object(Bucket=self.bucket, Key=self.folder + name)


class _Body:
    """The body of an answer. If it breaks off, it raises Unreachable: the stored file is not altered."""

    def __init__(self, body: Stream, name: str) -> None:
        self._body, self._name = body, name

    def readinto(self, buffer: memoryview, /) -> int | None:
        with _translated_errors(self._name):
            return self._body.readinto(buffer)

    def close(self) -> None:
        self._body.close()


def _client(endpoint: str | None, region: str | None) -> Any:
    config = Config(
        connect_timeout=5,  # seconds
        read_timeout=60,
        retries={"max_attempts": 3, "mode": "standard"},
        request_checksum_calculation="when_required",  # not all servers know the newer checksums
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if endpoint else "auto"},
    )
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)


def _error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _translated_errors(name: str) -> Iterator[None]:
    """Turn boto3's errors into those of `places`."""
    try:
        yield
    except ClientError as error:
        if _error_code(error) in ABSENT:
            raise Missing(name) from None
        if _error_code(error) in TAKEN:
            raise AlreadyStored(name) from None
        raise Unreachable(str(error)) from error
    except BotoCoreError as error:
        raise Unreachable(str(error)) from error
