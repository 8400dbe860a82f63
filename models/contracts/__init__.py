"""Service contracts (物业服务合同): signed, begun, left, ended. See docs/choosing-a-company.md."""

from .rows import ServiceContract

__all__ = ["ServiceContract"]
