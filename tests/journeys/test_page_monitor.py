"""The page monitor notices each kind of problem that fails a journey, made on purpose here."""

PROBLEMS = {
    "console.error('a mistake')": "console, a mistake",
    "setTimeout(() => { throw new Error('nobody caught this') })": "script: nobody caught this",
    "document.body.setAttribute('style', 'color: red')": "Content Security Policy",
    "new Image().src = 'https://elsewhere.example.org/pixel.gif'": "Content Security Policy",
    "fetch('/static/nothing.js')": "answered 404",
    "window.location = 'http://127.0.0.1:1/'": "goes elsewhere: http://127.0.0.1:1/",
}


def is_noticed(page, monitor, problem):
    for _ in range(100):
        if any(problem in seen for seen in monitor.problems):
            return True
        page.wait_for_timeout(100)
    return False


def test_page_monitor_notices_each_problem(phone, monitor):
    for script, problem in PROBLEMS.items():
        phone.goto("/about/")
        assert monitor.problems == []
        phone.evaluate(f"() => {{ {script} }}")
        assert is_noticed(phone, monitor, problem), monitor.problems
        monitor.problems.clear()
    phone.close()
    monitor.problems.clear()
