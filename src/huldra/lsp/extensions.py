"""The methods of ours that are not in the protocol. Data only, for clients' views; described in docs/editors.md."""

RUNS = "huldra/runs"
DAG = "huldra/dag"
QUERY_COMPLETION = "huldra/queryCompletion"
RUNNABLES = "huldra/runnables"
STATUS = "huldra/status"
FORM = "huldra/form"
PREVIEW = "huldra/preview"
SUPPORTED_METHODS = "huldra/supportedMethods"

HANDLERS = {
    RUNS: "runs",
    DAG: "dag",
    QUERY_COMPLETION: "query_completion",
    RUNNABLES: "runnables",
    SUPPORTED_METHODS: "supported_methods",
    STATUS: "status",
    FORM: "form",
    PREVIEW: "preview",
}
"""Each method with the module of `handlers` that answers it."""

STATUS_CHANGED = "huldra/statusChanged"
"""What is sent when what `huldra/status` answers has changed, to clients that declare `experimental.huldraStatus`."""

ACTION_KIND = "huldra.run"
"""Of code actions: a kind of our own, so that no editor applies one by itself when it saves."""

COMMANDS = (
    "huldra.rerun",
    "huldra.runMissing",
    "huldra.cancel",
    "huldra.why",
    "huldra.showRun",
    "huldra.showLog",
    "huldra.showDirectory",
    "huldra.copySnippet",
    "huldra.showDag",
    "huldra.accept",
    "huldra.new",
    "huldra.sweep",
    "huldra.addToManifest",
    "huldra.refresh",
    "huldra.showStatus",
)
"""What `workspace/executeCommand` takes, each with one argument object `{uri, version, class, hash, selector}`."""

EDITING = frozenset({"huldra.new", "huldra.sweep", "huldra.addToManifest"})
"""Those of them that come to nothing where the editor makes no edits that it did not ask for."""
