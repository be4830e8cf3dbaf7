"""What ends a journey badly is seen: each kind of trouble, made on purpose."""

TROUBLE = {
    "console.error('a mistake')": "console, a mistake",
    "setTimeout(() => { throw new Error('nobody caught this') })": "script: nobody caught this",
    "document.body.setAttribute('style', 'color: red')": "Content Security Policy",
    "new Image().src = 'https://elsewhere.example.org/pixel.gif'": "Content Security Policy",
    "fetch('/static/nothing.js')": "answered 404",
    "window.location = 'http://127.0.0.1:1/'": "goes elsewhere: http://127.0.0.1:1/",
}


def is_seen(page, watch, trouble):
    for _ in range(100):
        if any(trouble in seen for seen in watch.trouble):
            return True
        page.wait_for_timeout(100)
    return False


def test_trouble_is_seen(phone, watch):
    for script, trouble in TROUBLE.items():
        phone.goto("/about/")
        assert watch.trouble == []
        phone.evaluate(f"() => {{ {script} }}")
        assert is_seen(phone, watch, trouble), watch.trouble
        watch.trouble.clear()
    phone.close()
    watch.trouble.clear()
