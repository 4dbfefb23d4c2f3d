using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>A portfolio to open.</summary>
internal sealed class NewPortfolioBody
{
    public string Id { get; private set; } = "";
    string _currency = "USD";
    decimal _cash;
    bool _allowShort;
    AssetClass? _market;

    public static readonly Shape<NewPortfolioBody> Shape = new Shape<NewPortfolioBody>()
        .Required("id", Kinds.PortfolioId, (body, value) => body.Id = value, "How the book is called from now on.", "alpha")
        .Required("cash", Kinds.Decimal, (body, value) => body._cash = value, "Paid in at the start; zero or more.", 1_000_000)
        .Optional("currency", Kinds.Currency, (body, value) => body._currency = value, "ISO 4217 code of every amount of the book; USD where absent.", "USD")
        .Optional("allow_short", Kinds.Flag, (body, value) => body._allowShort = value, "Whether positions may be negative; false where absent.", false)
        .Optional("market", Kinds.OneOf(("equity", AssetClass.Equity), ("fx", AssetClass.Fx), ("crypto", AssetClass.Crypto)), (body, value) => body._market = value,
            "Whose day is the book's: equity changes at midnight in New York, fx at 17:00 there, crypto at midnight UTC; absent for portfolios:market.", "equity")
        .Must(body => body._cash >= 0, "cash", "not_negative", "cash must be zero or more.");

    public PortfolioTerms ToTerms() => new(_currency, _cash, _allowShort) { Market = _market };
}

/// <summary>An execution to book.</summary>
internal sealed class FillBody
{
    string? _fillId;
    string? _clientOrderId;
    string? _reservationId;
    string _symbol = "";
    Side _action;
    decimal _quantity;
    decimal _price;
    decimal _fees;
    string? _feeCurrency;
    bool _external;

    public static readonly Shape<FillBody> Shape = new Shape<FillBody>()
        .Optional("fill_id", Kinds.Text, (body, value) => body._fillId = value,
            "Booked once, however often it is sent; the client_order_id where absent, for an order that fills in one piece.", "fill-1")
        .Optional("client_order_id", Kinds.Text, (body, value) => body._clientOrderId = value, "The order that it fills.", "order-1")
        .Optional("reservation_id", Kinds.Text, (body, value) => body._reservationId = value,
            "The approval that it fills; absent, the one of the client_order_id.")
        .Required("symbol", Kinds.Text, (body, value) => body._symbol = value, "The ticker.", "IBM")
        .Required("action", SignalBody.Side, (body, value) => body._action = value, "The side of the trade.", "BUY")
        .Required("quantity", Kinds.Decimal, (body, value) => body._quantity = value, "Units of the instrument; positive.", 100)
        .Required("price", Kinds.Decimal, (body, value) => body._price = value, "Per unit, in the currency of the instrument; positive.", 182.5)
        .Optional("fees", Kinds.Decimal, (body, value) => body._fees = value, "Booked as a cost; zero where absent.", 1.25)
        .Optional("fee_currency", Kinds.Text, (body, value) => body._feeCurrency = value,
            "What the fees are in: the book's currency where absent; the coin that is traded (BTC of BTCUSD) takes them off its units.", "USD")
        .Optional("external", Kinds.Flag, (body, value) => body._external = value,
            "True for a trade that was made elsewhere and belongs to no reservation; false where absent.")
        .Must(body => body.FillId is not null, "fill_id", "required", "fill_id is required where there is no client_order_id.");

    string? FillId => _fillId ?? _clientOrderId;

    public Fill ToFill() => new(FillId!, _clientOrderId, _reservationId, GrainKeys.Symbol(_symbol), _action, _quantity, _price, _fees, _external)
    {
        FeeCurrency = _feeCurrency,
    };
}

/// <summary>A payment into or out of a book.</summary>
internal sealed class TransferBody
{
    string _transferId = "";
    decimal _amount;

    public static readonly Shape<TransferBody> Shape = new Shape<TransferBody>()
        .Required("transfer_id", Kinds.Text, (body, value) => body._transferId = value, "Booked once, however often it is sent.", "transfer-1")
        .Required("amount", Kinds.Decimal, (body, value) => body._amount = value, "Positive pays in, negative out; in the book's currency.", 50_000);

    public CashTransfer ToTransfer() => new(_transferId, _amount);
}

/// <summary>Why a reservation is given back.</summary>
internal sealed class ReleaseBody
{
    public string Reason { get; private set; } = "cancelled by the caller";

    public static readonly Shape<ReleaseBody> Shape = new Shape<ReleaseBody>()
        .Optional("reason", Kinds.Text, (body, value) => body.Reason = value, "Why; kept in the journal.", "order cancelled");
}

/// <summary>A symbol to enable again.</summary>
internal sealed class EnableBody
{
    public string Symbol { get; private set; } = "";
    public string By { get; private set; } = "";
    public string Reason { get; private set; } = "";

    public static readonly Shape<EnableBody> Shape = new Shape<EnableBody>()
        .Required("symbol", Kinds.Symbol, (body, value) => body.Symbol = GrainKeys.Symbol(value), "The ticker.", "IBM")
        .Who((body, value) => body.By = value, "Who decided it; kept in the journal.", "ada")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why; kept in the journal.", "feed handler fixed");
}
