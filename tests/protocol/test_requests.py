"""Every request of the table once, over the sample project with its store."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from huldra.lsp.extensions import COMMANDS, HANDLERS
from tests.protocol.client import Client, FaultError, texts

SITES = "toytext/experiments.py"
TRAIN = "toytext/train.py"
CLEAN = "7475a656a66cc1af67fa"


def argument(uri: str, **more: object) -> Mapping[str, object]:
    return {"uri": uri, "version": 1, "class": "", "hash": None, "selector": "", **more}


def execute(editor: Client, command: str, *arguments: object) -> Mapping[str, object]:
    answer = editor.request("workspace/executeCommand", {"command": command, "arguments": list(arguments)})
    assert isinstance(answer, dict)
    return answer


def whole_line(line: int) -> Mapping[str, object]:
    return {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 0}}


def test_initialize_lists_what_the_server_does(project: Path) -> None:
    with Client(project) as client:
        answer = client.initialize(project)
        assert isinstance(answer, dict)
        offered = answer["capabilities"]
        assert offered["positionEncoding"] == "utf-16"
        assert offered["textDocumentSync"]["openClose"]
        assert offered["codeLensProvider"]["resolveProvider"]
        assert sorted(offered["executeCommandProvider"]["commands"]) == sorted(COMMANDS)
        assert "diagnosticProvider" not in offered
        assert "callHierarchyProvider" not in offered
        assert client.leave() == 0


def test_every_lens_command_is_also_an_action(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    for lens in lenses:
        line = lens["range"]["start"]["line"]
        actions = editor.about("textDocument/codeAction", uri, range=whole_line(line), context={"diagnostics": []})
        assert isinstance(actions, list)
        offered = [(action["command"]["command"], action["command"]["arguments"][0]["selector"]) for action in actions]
        assert (lens["command"]["command"], lens["command"]["arguments"][0]["selector"]) in offered
        assert all(action["command"]["command"] in COMMANDS for action in actions)


def test_a_lens_is_resolved_and_actions_of_another_kind_are_not_offered(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    bare = {"range": lenses[0]["range"], "data": lenses[0]["command"]["arguments"][0]}
    resolved = editor.request("codeLens/resolve", bare)
    assert isinstance(resolved, dict)
    assert resolved["command"]["title"] == lenses[0]["command"]["title"]
    context = {"diagnostics": [], "only": ["source.organizeImports"]}
    assert editor.about("textDocument/codeAction", uri, range=whole_line(10), context=context) is None
    action = {"title": "x", "kind": "huldra.run"}
    assert editor.request("codeAction/resolve", action) == action


def test_a_hash_leads_to_the_site_that_builds_it(editor: Client, project: Path) -> None:
    notes = project / "toytext" / "notes.py"
    uri = editor.open(notes, f"# see {CLEAN}\n")
    editor.settle()
    found = editor.at("textDocument/definition", uri, 0, 8)
    assert isinstance(found, list)
    assert (project / SITES).as_uri() in texts(found, "uri")
    assert found[0]["range"]["start"] == {"line": 10, "character": 14}
    links = editor.about("textDocument/documentLink", uri)
    assert isinstance(links, list)
    assert links[0]["target"].endswith(CLEAN)
    assert links[0]["range"] == {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 26}}


def test_references_of_a_class_are_its_sites(editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    found = editor.at("textDocument/references", uri, 32, 8, context={"includeDeclaration": False})
    assert isinstance(found, list)
    lines = {item["range"]["start"]["line"] for item in found if item["uri"] == (project / SITES).as_uri()}
    assert {18, 19} <= lines
    own = {"uri": uri, "range": {"start": {"line": 32, "character": 6}, "end": {"line": 32, "character": 12}}}
    assert own not in found
    declared = editor.at("textDocument/references", uri, 32, 8, context={"includeDeclaration": True})
    assert isinstance(declared, list)
    assert own in declared


def test_a_field_in_a_call_leads_to_its_declaration(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    found = editor.at("textDocument/definition", uri, 24, 35)  # Endless(data=train_ids, epochs=50)
    assert isinstance(found, list)
    assert found[0]["uri"] == (project / TRAIN).as_uri()
    assert found[0]["range"]["start"]["line"] == 12


def test_experiments_are_symbols(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    symbols = editor.about("textDocument/documentSymbol", uri)
    assert "2 x LogReg" in texts(symbols, "name")
    found = editor.request("workspace/symbol", {"query": "Endless epochs=5e1"})
    assert isinstance(found, list)
    assert len(found) == 1
    assert found[0]["location"]["range"]["start"]["line"] == 24
    # Editors drop what does not have the query in its name.
    assert found[0]["name"] == "Endless(data=Tokenized(…), lr=0.1, epochs=50) e418afca epochs=5e1 ✗ crashed"
    by_hash = editor.request("workspace/symbol", {"query": CLEAN[:10]})
    assert isinstance(by_hash, list)
    assert len(by_hash) == 1
    assert CLEAN[:10] in by_hash[0]["name"]
    assert editor.request("workspace/symbol", {"query": "lr=0.30000001"}) is None
    assert editor.request("workspace/symbol", {"query": " "}) is None


@pytest.mark.parametrize("knows_trees", [True, False])
def test_what_is_built_inside_stands_below(project: Path, knows_trees: bool) -> None:
    document = {"hierarchicalDocumentSymbolSupport": knows_trees}
    with Client(project) as editor:
        editor.initialize(project, {"textDocument": {"documentSymbol": document}})
        text = "from toytext.data import Corpus\nfrom toytext.preprocess import Clean\n\nx = Clean(corpus=Corpus())\n"
        uri = editor.open(project / "toytext" / "inside.py", text)
        editor.settle()
        symbols = editor.about("textDocument/documentSymbol", uri)
        assert isinstance(symbols, list)
        if knows_trees:
            (outer,) = symbols
            assert outer["name"].startswith("Clean(")
            assert [child["name"].partition("(")[0] for child in outer["children"]] == ["Corpus"]
            assert outer["range"]["start"]["character"] < outer["children"][0]["range"]["start"]["character"]
        else:
            assert [symbol["name"].partition("(")[0] for symbol in symbols] == ["Clean", "Corpus"]
            assert symbols[1]["location"]["range"]["start"] == {"line": 3, "character": 17}


def test_the_subclass_hierarchy(editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    items = editor.at("textDocument/prepareTypeHierarchy", uri, 7, 8)
    assert texts(items, "name") == ["TrainBase"]
    assert isinstance(items, list)
    below = editor.request("typeHierarchy/subtypes", {"item": items[0]})
    assert texts(below, "name") == ["Averaged", "Diverges", "Endless", "LogReg"]
    above = editor.request("typeHierarchy/supertypes", {"item": items[0]})
    assert texts(above, "name") == ["Artifact"]


def test_the_graph_as_calls_only_where_it_is_asked_for(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, initializationOptions={"callHierarchy": True})
        uri = client.open(project / SITES)
        items = client.at("textDocument/prepareCallHierarchy", uri, 14, 13)  # test_ids = Tokenized(…)
        assert isinstance(items, list)
        up = client.request("callHierarchy/outgoingCalls", {"item": items[0]})
        assert [name.split()[0] for name in texts(up, "to", "name")] == ["Clean", "Vocab"]
        down = client.request("callHierarchy/incomingCalls", {"item": items[0]})
        assert "Evaluate" in {name.split()[0] for name in texts(down, "from", "name")}
        assert isinstance(up, list)
        assert isinstance(down, list)
        # Ranges of whoever calls: of the item that was asked about, and of each one that is told.
        assert all(call["fromRanges"] == [items[0]["selectionRange"]] for call in up)
        assert all(call["fromRanges"] == [call["from"]["selectionRange"]] for call in down)
        assert client.leave() == 0


def test_completion_of_fields_and_of_values_that_runs_hold(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    last = len((project / SITES).read_text(encoding="utf-8").splitlines())
    at = {"line": last, "character": 0}
    editor.change(uri, {"range": {"start": at, "end": at}, "text": "x = LogReg(data=train_ids, \n"})
    fields = editor.at("textDocument/completion", uri, last, 27)
    assert isinstance(fields, dict)
    assert texts(fields["items"], "insertText") == ["lr=", "epochs="]
    at = {"line": last, "character": 27}
    editor.change(uri, {"range": {"start": at, "end": at}, "text": "lr="})
    values = editor.at("textDocument/completion", uri, last, 30)
    assert isinstance(values, dict)
    assert "0.1" in texts(values["items"], "insertText")
    assert editor.at("textDocument/completion", uri, 0, 3) is None


@pytest.mark.parametrize(
    ("written", "sought", "left"),
    [
        ('Report(title="|")', '"all', 'Report(title="all")'),
        ('Report(title="|', '"all', 'Report(title="all"'),
        ('Report(title="a|", evals=[])', '"all', 'Report(title="all", evals=[])'),
        ("Report(title='a|', evals=[])", "'all", "Report(title='all', evals=[])"),
        ('Report(title="a|, evals=["x"])', '"all', 'Report(title="all", evals=["x"])'),
        ('Report(title="a(|")', '"all', 'Report(title="all")'),
        ('Report(title=|"x")', "'all'", "Report(title='all')"),
        ('Report(title=r"|")', 'r"all', 'Report(title="all")'),
        ("LogReg(lr=0.|)", "0.2", "LogReg(lr=0.2)"),
        ("LogReg(lr=|)", "0.2", "LogReg(lr=0.2)"),
        ("LogReg(lr= 1e-|3, epochs=3)", "0.2", "LogReg(lr= 0.2, epochs=3)"),
        ("LogReg(lr=1 - 0.|)", "0.2", "LogReg(lr=1 - 0.2)"),
    ],
)
def test_a_value_takes_the_place_of_what_is_typed_of_it(
    editor: Client, project: Path, written: str, sought: str, left: str
) -> None:
    path = project / "toytext" / "typed.py"
    before, after = f"é = {written}".split("|")
    head = "from toytext.evaluate import Report\nfrom toytext.train import LogReg\n"
    uri = editor.open(path, head)
    editor.settle()
    editor.change(uri, {"text": f"{head}{before}{after}\n"})
    found = editor.at("textDocument/completion", uri, 2, len(before))
    assert isinstance(found, dict)
    item = next(item for item in found["items"] if item["filterText"] == sought)
    place, line = item["textEdit"]["range"], before + after
    assert place["start"]["line"] == place["end"]["line"] == 2
    start, end = place["start"]["character"], place["end"]["character"]
    assert line[:start] + item["textEdit"]["newText"] + line[end:] == f"é = {left}"


def test_no_value_is_offered_behind_a_string_or_inside_of_bytes(editor: Client, project: Path) -> None:
    head = "from toytext.evaluate import Report\n"
    uri = editor.open(project / "toytext" / "typed.py", head)
    editor.settle()
    for written in ('x = Report(title="all"', 'x = Report(title=f"', 'x = Report("'):
        editor.change(uri, {"text": head + written})
        assert editor.at("textDocument/completion", uri, 1, len(written)) is None


def test_inlay_hints_only_where_they_are_asked_for(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 100, "character": 0}}
    assert editor.about("textDocument/inlayHint", uri, range=everything) is None
    editor.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"inlayHints": True}}})
    hints = editor.about("textDocument/inlayHint", uri, range=everything)
    assert f"✓ current {CLEAN[:8]}" in texts(hints, "label")


def test_a_setting_that_shows_more_has_the_editor_ask_again(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, {"workspace": {"inlayHint": {"refreshSupport": True}}})
        client.open(project / SITES)
        client.settle()
        before = texts(client.asked, "method").count("workspace/inlayHint/refresh")
        client.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"inlayHints": True}}})
        client.settle()
        assert texts(client.asked, "method").count("workspace/inlayHint/refresh") > before
        assert client.leave() == 0


def test_commands_that_show_something(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    clean = argument(uri, **{"class": "toytext.preprocess.Clean", "hash": CLEAN, "selector": "experiment"})
    shown = execute(editor, "huldra.showRun", clean)
    assert shown["done"]
    assert "Casing.LOWER" in str(shown["text"])
    assert Path(str(shown["uri"]).removeprefix("file://")).is_file()
    assert execute(editor, "huldra.showLog", clean)["done"]
    assert "toytext.preprocess.Clean(" in str(execute(editor, "huldra.copySnippet", clean)["text"])
    assert "flowchart" in str(execute(editor, "huldra.showDag", clean)["text"])
    assert "flowchart" in str(execute(editor, "huldra.showDag")["text"])
    averaged = argument(uri, **{"class": "toytext.train.Averaged", "selector": "class"})
    assert "| experiment | verdict |" in str(execute(editor, "huldra.showRun", averaged)["text"])
    assert {str(message["method"]) for message in editor.asked} >= {"window/showDocument"}
    assert execute(editor, "huldra.refresh")["done"]
    assert execute(editor, "huldra.showStatus")["done"]


def test_what_shows_something_answers_where_no_file_can_be_written(project: Path) -> None:
    cache = project / ".huldra_cache"
    cache.mkdir(exist_ok=True)
    (cache / "views").write_text("in the way", encoding="utf-8")
    with Client(project) as client:
        client.initialize(project)
        uri = client.open(project / SITES)
        clean = argument(uri, **{"class": "toytext.preprocess.Clean", "hash": CLEAN, "selector": "experiment"})
        for command in ("huldra.showRun", "huldra.why", "huldra.copySnippet", "huldra.showDag"):
            shown = execute(client, command, clean)
            assert shown["done"]
            assert "Clean" in str(shown["text"])
            assert "uri" not in shown
        for method in ("window/logMessage", "window/showMessage"):
            assert len([note for note in client.notes if note["method"] == method]) == 1
        assert client.leave() == 0


def test_why_names_the_definition_and_the_change(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    given = next(lens["command"]["arguments"] for lens in lenses if lens["command"]["command"] == "huldra.why")
    answer = execute(editor, "huldra.why", *given)
    assert answer["verdict"] == "stale"
    assert answer["reasons"] == ["code-changed"]
    assert "```diff" in str(answer["text"])


def test_a_command_is_checked_when_it_is_executed(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    given = next(
        c["arguments"] for c in (lens["command"] for lens in lenses) if "sweep" in c["arguments"][0]["selector"]
    )
    text = (project / SITES).read_text(encoding="utf-8").replace("(0.1, 0.2)", "(0.1, 0.2, 0.4)")
    assert execute(editor, "huldra.showRun", *given)["done"]
    editor.change(uri, {"text": text})
    editor.settle()
    answer = execute(editor, "huldra.showRun", *given)
    assert not answer["done"]
    assert "has changed" in str(answer["message"])
    gone = argument(uri, **{"class": "toytext.train.LogReg", "hash": "0" * 20, "selector": "experiment"})
    assert not execute(editor, "huldra.why", gone)["done"]
    with pytest.raises(FaultError, match="takes one object"):
        execute(editor, "huldra.why", 7)
    with pytest.raises(FaultError, match="no command"):
        execute(editor, "huldra.nonsense")


@pytest.mark.parametrize("command", ["huldra.showLog", "huldra.showDirectory", "huldra.cancel", "huldra.new"])
def test_a_command_that_comes_to_nothing_says_so_to_the_user(editor: Client, project: Path, command: str) -> None:
    uri = editor.open(project / SITES)
    about = argument(uri, **{"class": "toytext.evaluate.ModelCard", "selector": "class", "values": {"widht": "1"}})
    answer = execute(editor, command, about)
    assert not answer["done"]
    shown = [note["params"] for note in editor.notes if note["method"] == "window/showMessage"]
    assert [params["message"] for params in shown if isinstance(params, dict)] == [f"huldra: {answer['message']}"]


def test_our_own_methods(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    supported = editor.request("huldra/supportedMethods")
    assert supported == {"methods": sorted(HANDLERS), "commands": list(COMMANDS)}
    runs = editor.request("huldra/runs")
    assert isinstance(runs, dict)
    rows = {row["hash"]: row for row in runs["projects"][0]["runs"]}
    assert rows[CLEAN]["verdict"] == "current"
    assert rows[CLEAN]["sites"][0] == {"file": SITES, "line": 11, "column": 15}
    asked = editor.request("huldra/runs", {"query": "is current and class == Clean"})
    assert isinstance(asked, dict)
    assert CLEAN in [row["hash"] for row in asked["projects"][0]["runs"]]
    assert {row["verdict"] for row in asked["projects"][0]["runs"]} == {"current"}
    faulty = editor.request("huldra/runs", {"query": "clas == Clean"})
    assert isinstance(faulty, dict)
    fault = faulty["projects"][0]["fault"]
    assert (fault["start"], fault["end"], "did you mean class?" in fault["message"]) == (0, 4, True)
    words = editor.request("huldra/queryCompletion", {"query": "config.l"})
    assert isinstance(words, dict)
    assert {"text": "config.lr", "kind": "field", "meaning": "a field of the config", "start": 0, "end": 8} in words[
        "suggestions"
    ]
    drawn = editor.request("huldra/dag", {"focus": "is current and class == Clean", "depth": 0})
    assert isinstance(drawn, dict)
    nodes = drawn["projects"][0]["graph"]["nodes"]
    assert len(nodes) == len(asked["projects"][0]["runs"])
    dag = editor.request("huldra/dag", {"focus": CLEAN[:8], "depth": 1})
    assert isinstance(dag, dict)
    assert dag["projects"][0]["graph"]["level"] == "experiments"
    runnables = editor.request("huldra/runnables", {"textDocument": {"uri": uri}})
    assert isinstance(runnables, list)
    assert {"program": "huldra", "args": ["rerun", f"toytext.preprocess.Clean/{CLEAN}"], "cwd": str(project)} in [
        row["args"] for row in runnables
    ]
    status = editor.request("huldra/status")
    assert isinstance(status, dict)
    assert status["projects"][0]["verdicts"]["missing"] == 2


def test_the_first_analysis_shows_how_far_it_is(project: Path) -> None:
    with Client(project) as editor:
        editor.initialize(project)
        values: list[dict[str, object]] = []
        start = 0
        while not values or values[-1]["kind"] != "end":
            note = editor.wait_for("$/progress", start)
            start = editor.notes.index(note) + 1
            params = note["params"]
            assert isinstance(params, dict)
            values.append(params["value"])
        assert [value["kind"] for value in values] == ["begin", *["report"] * (len(values) - 2), "end"]
        assert values[0]["percentage"] == 0
        percents = [int(str(value["percentage"])) for value in values[1:-1]]
        assert percents == sorted(set(percents))
        assert percents
        assert percents[-1] <= 100
        words = " ".join(str(value["message"]) for value in values[1:-1])
        assert "what the code builds" in words
        assert "47 stored runs" in words
