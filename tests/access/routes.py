"""Every address of the program, by name, read from the resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def all_routes() -> list[str]:
    """The full names ("team:roster") of all addresses. A nameless one is named by its pattern, and so has no entry."""
    return list(_names(get_resolver("peersupport.urls"), ""))


def _names(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or str(pattern.pattern))
        else:
            yield from _names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
