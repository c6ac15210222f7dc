"""What is not known for certain of the real system, each a switch: an integration should hold either way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(slots=True)
class Switches:
    """How this Squarespace behaves where its documentation leaves it open. All may be set at any time."""

    requires_user_agent: bool = True
    """Answer 400 to a request without a User-Agent."""
    all_or_nothing: bool = True
    """Refuse a whole stock adjustment for one operation that can't be; otherwise the others are carried
    out.
    """
    sets_to_zero: bool = False
    """Take 0 in `setFiniteOperations`."""
    max_stock: int = 2_147_483_647
    """More than this is STOCK_EXCEEDS_MAX."""
    stock_touches_product: bool = True
    """Count a change of stock as a modification of its product."""
    newest_first: bool = True
    """List orders and products by modification time from the latest on; otherwise from the earliest."""
    cursors: Literal["position", "count"] = "position"
    """A cursor remembers the last record shown, or only how many were: then records that move make others
    skip.
    """
    relative_next_url: bool = True
    """Give `nextPageUrl` without a host."""
    modified_after_inclusive: bool = False
    """Let `modifiedAfter` include the moment itself."""
    trims_times: bool = True
    """Leave out fractions and seconds that are zero; otherwise times have milliseconds."""
    pads_money: bool = True
    """Show money with two decimals and refuse finer values; otherwise as it was given."""
    wraps_description: bool = True
    """Wrap a description that is not HTML in `<p>`."""
    empty_lists: Literal["null", "brackets", "both"] = "both"
    """How an empty list shows; `both`: null for every other record."""
    sku_required: bool = False
    """Refuse a variant without a SKU."""
    fulfils_cancelled: bool = False
    """Take fulfilments of a cancelled order; otherwise 409."""
    imported_payment_state: str = "PAID"
    """The payment state of an order that came through the API."""
    order_imports: int = 100
    """Order imports allowed within `order_imports_per`."""
    order_imports_per: timedelta = timedelta(hours=1)
