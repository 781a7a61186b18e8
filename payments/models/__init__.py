from payments.models.bills import Bill, BillLine
from payments.models.exchanges import GatewayMessage, GatewayRequest
from payments.models.receipts import Receipt, SuspenseEntry

__all__ = ["Bill", "BillLine", "GatewayMessage", "GatewayRequest", "Receipt", "SuspenseEntry"]
