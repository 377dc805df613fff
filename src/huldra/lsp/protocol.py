"""The wire: pygls' protocol with an answer to everything that a client can get wrong. Imports nothing else of ours."""
# pyright: reportUnknownMemberType=false
# (pygls leaves its tables of handlers untyped.)

import json
from collections.abc import Generator
from concurrent.futures import Future
from typing import NamedTuple

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
)


_OWN_METHODS = "huldra/"


class Malformed(NamedTuple):
    """A message that does not fit its method; `message_id` is None for a notification."""

    message_id: str | int | None
    error: JsonRpcException
    is_reply: bool = False


class RobustProtocol(LanguageServerProtocol):
    """Answers what is malformed, too early or too late; every request gets an answer, and nothing is believed twice.

    Documents are not kept here: `huldra.lsp.buffers` does.
    """

    exit_code = 1
    is_initialized = False

    def _register_builtin_features(self) -> None:
        super()._register_builtin_features()
        # These go straight to our handlers.
        for method in _OURS:
            self.fm.builtin_features.pop(method, None)

    def structure_message(self, data: dict[str, object]) -> object:
        """Return a message as a typed object, or what is wrong with it."""
        if "jsonrpc" not in data or not ("method" in data or "id" in data):
            return data
        own = data.get("params") if str(data.get("method")).startswith(_OWN_METHODS) else None
        try:
            # A copy, since pygls puts its tuples, in which a key like `class` has no name, into what it is given.
            message = super().structure_message(dict(data) if own is None else {**data, "params": None})
        except JsonRpcException as error:
            found = data.get("id")
            message_id = found if isinstance(found, str | int) else None
            if "method" not in data:
                return Malformed(message_id, JsonRpcInvalidParams(f"a reply that does not fit: {error}"), is_reply=True)
            return Malformed(
                message_id, JsonRpcInvalidParams(f"{data.get('method')}: the parameters do not fit: {error}")
            )
        if own is not None:
            setattr(message, "params", own)  # noqa: B010  # its kinds of message share no type
        return message

    def handle_message(self, message: object) -> None:
        """Effect: do what a message asks for."""
        if isinstance(message, Malformed):
            if message.is_reply:
                self._end_question(message)
            elif message.message_id is not None:
                self._send_response(message.message_id, error=message.error.to_response_error())
            return
        method = getattr(message, "method", None)
        if method is None and not hasattr(message, "result") and not hasattr(message, "error"):
            self.refuse(None, JsonRpcInvalidRequest("a message is an object with jsonrpc and a method"))
            return
        message_id = getattr(message, "id", None)
        if message_id is not None and isinstance(method, str):
            if self._shutdown:
                self.refuse(message_id, JsonRpcInvalidRequest("the server is shutting down"))
                return
            if not self.is_initialized and method != types.INITIALIZE:
                self.refuse(message_id, JsonRpcServerNotInitialized("initialize comes first"))
                return
        elif not self.is_initialized and isinstance(method, str) and method != types.EXIT:
            return
        super().handle_message(message)  # pyright: ignore[reportArgumentType]  # narrowed above: it has a method, a result or an error

    def _end_question(self, reply: Malformed) -> None:
        """Effect: whoever waits for a reply that says nothing is told that there is none, or he would wait for ever."""
        number = reply.message_id
        future: object = None if number is None else self._request_futures.get(number)
        # Those of the client's own requests are tasks.
        if number is not None and isinstance(future, Future) and not future.done():
            del self._request_futures[number]
            future.set_exception(reply.error)

    def refuse(self, message_id: str | int | None, error: JsonRpcException) -> None:
        """Effect: answer with an error. Without an id the answer has none either, as JSON-RPC asks."""
        if message_id is not None:
            self._send_response(message_id, error=error.to_response_error())
            return
        body = json.dumps({"jsonrpc": "2.0", "id": None, "error": {"code": error.code, "message": error.message}})
        if self.writer is not None:
            self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def refuse_unreadable(self, error: Exception) -> None:
        """Effect: answer a message that is no JSON."""
        self.refuse(None, JsonRpcParseError(f"the message cannot be read: {type(error).__name__}"))

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[object, object, types.InitializeResult]:
        """Answer once; a second one is an error, as the protocol asks."""
        if self.is_initialized:
            raise JsonRpcInvalidRequest("the server is initialized already")
        self.is_initialized = True
        general = params.capabilities.general
        if general is not None and general.position_encodings:
            general.position_encodings = [
                choose_encoding(
                    [
                        str(kind.value if isinstance(kind, types.PositionEncodingKind) else kind)
                        for kind in general.position_encodings
                    ]
                )
            ]
        return (yield from super().lsp_initialize(params))

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: object) -> Generator[object, object, None]:
        """Remember with which code to end."""
        self.exit_code = 0 if self._shutdown else 1
        yield from super().lsp_exit(*args)


def choose_encoding(offered: list[str]) -> str:
    """Return utf-16 unless the client offers only others: two encodings on one buffer confuse some editors."""
    if "utf-16" in offered:
        return "utf-16"
    return next((kind for kind in ("utf-32", "utf-8") if kind in offered), "utf-16")
