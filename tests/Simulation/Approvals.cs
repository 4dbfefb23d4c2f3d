using System.Collections.Frozen;
using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>Holds every recorded decision against the book as it was before it: an approval within every limit with all that is posted
/// and pending, a refusal of a reduction only where a measure of the book grows.</summary>
static partial class Approvals
{
    /// <summary>Sums in money are kept to eight places and fractions in doubles.</summary>
    const decimal Tolerance = 1.000001m;

    static readonly FrozenSet<string> OfTheBook = FrozenSet.Create(
        "position_weight", "gross_exposure", "net_exposure", "sector_exposure", "margin", "value_at_risk_95", "value_at_risk_99",
        "expected_shortfall_97_5", "budget_gross", "budget_net", "budget_shortfall");

    /// <summary>The measures of a book in money, with every open order at its worst.</summary>
    sealed record Measures(decimal Gross, decimal Net, decimal Position, decimal Sector);

    public static void Check(BookModel book, JsonElement decision)
    {
        var symbol = BookModel.Text(decision, "symbol")!;
        var isBuy = BookModel.Text(decision, "action") == "BUY";
        var quantity = decision.GetProperty("quantity").GetDecimal();
        var closable = Math.Max(0, isBuy ? -book.QuantityOf(symbol) - book.OpenOf(symbol, true) : book.QuantityOf(symbol) - book.OpenOf(symbol, false));
        var increases = quantity > closable;
        var before = Measure(book, symbol, isBuy, 0);
        var after = Measure(book, symbol, isBuy, quantity);
        var what = $"{book.Name}: decision {BookModel.Text(decision, "decision_id")} of {quantity} {symbol}";
        if (BookModel.IsFlagged(decision, "reduce_only"))
        {
            ReduceOnly(book, decision, what);
            return;
        }

        if (!decision.GetProperty("approved").GetBoolean())
        {
            if (!increases) Refused(book, decision, before, after, what);
            return;
        }

        if (before is not null && after is not null && book.Equity is { } equity) Within(book, before, after, equity, what);
        else Ensure.That(!increases, $"{what} increases, and the book cannot be measured");
        if (increases) Open(book, decision, symbol, isBuy, quantity, what);
    }

    static void Within(BookModel book, Measures before, Measures after, decimal equity, string what)
    {
        Fraction("max_position_weight", before.Position, after.Position);
        Fraction("max_gross_exposure", before.Gross, after.Gross);
        Fraction("max_net_exposure", before.Net, after.Net);
        Fraction("max_sector_exposure", before.Sector, after.Sector);
        if (book.Budget.ValueKind != JsonValueKind.Object) return;
        var amounts = book.Budget.GetProperty("amounts");
        Money("gross_exposure", BookModel.Number(amounts, "gross_exposure"), before.Gross, after.Gross);
        Money("net_exposure", BookModel.Number(amounts, "net_exposure"), before.Net, after.Net);

        void Fraction(string limit, decimal was, decimal becomes) => Money(limit, BookModel.Number(book.Limits, limit) * equity, was, becomes);

        void Money(string limit, decimal? most, decimal was, decimal becomes) => Ensure.That(
            most is null || becomes <= most * Tolerance || becomes <= was * Tolerance, $"{what} passes {limit}: {was} becomes {becomes}, at most {most}");
    }

    /// <summary>What only an order that increases is held to.</summary>
    static void Open(BookModel book, JsonElement decision, string symbol, bool isBuy, decimal quantity, string what)
    {
        Ensure.That(!book.IsClosed, $"{what} increases while the book is closed");
        var reference = decision.GetProperty("reference_price").GetDecimal();
        Ensure.That(reference == book.QuoteOf(symbol), $"{what} is made at {reference}, the book knows {book.QuoteOf(symbol)}");
        var price = isBuy && BookModel.Number(decision, "limit_price") is { } limit ? Math.Max(limit, reference) : reference;
        price *= book.RateOf(symbol) ?? throw new BrokenInvariantException($"{what} increases without a rate");
        if (BookModel.Number(book.Limits, "max_order_notional") is { } most)
            Ensure.That(quantity * price <= most, $"{what} passes max_order_notional");
        if (book.Cap is { } cap) Ensure.That(quantity * price <= cap, $"{what} passes the cap of a half-open breaker");
        if (isBuy && BookModel.Number(book.Limits, "min_cash") is { } least)
        {
            var reserved = book.Reservations.Values.Where(open => open.IsBuy && !open.Reduces).Sum(open => open.Remaining * open.Price);
            Ensure.That(book.Cash - reserved - (quantity * price) >= least - 0.01m, $"{what} leaves less than min_cash");
        }

        if (!isBuy && !book.AllowShort)
            Ensure.That(book.QuantityOf(symbol) - book.OpenOf(symbol, false) >= quantity, $"{what} goes short");
    }

    static void Refused(BookModel book, JsonElement decision, Measures? before, Measures? after, string what)
    {
        foreach (var violation in decision.GetProperty("violations").EnumerateArray())
        {
            var code = BookModel.Text(violation, "code")!;
            Ensure.That(OfTheBook.Contains(code), $"{what} reduces, and is refused by {code}");
            var grows = code switch
            {
                "position_weight" => after?.Position > before?.Position,
                "gross_exposure" or "budget_gross" or "margin" => after?.Gross > before?.Gross,
                "net_exposure" or "budget_net" => after?.Net > before?.Net,
                "sector_exposure" => after?.Sector > before?.Sector,
                "budget_shortfall" => Grows(decision, "expected_shortfall_97_5"),
                _ => Grows(decision, code),
            };
            Ensure.That(grows || book.Tails.GrowsAlone(code), $"{what} makes nothing larger, and is refused by {code}");
        }
    }

    static bool Grows(JsonElement decision, string measure) =>
        BookModel.Number(decision.GetProperty("after"), measure) > BookModel.Number(decision.GetProperty("before"), measure);

    /// <summary>With one more open order; null where a price is unknown.</summary>
    static Measures? Measure(BookModel book, string symbol, bool isBuy, decimal quantity)
    {
        var (gross, highest, lowest, position, sector) = (0m, 0m, 0m, 0m, 0m);
        foreach (var exposed in book.Exposed.Append(symbol).Distinct())
        {
            if (book.PriceOf(exposed) is not { } price) return null;
            var more = exposed == symbol ? quantity : 0;
            var high = book.QuantityOf(exposed) + book.OpenOf(exposed, buys: true) + (isBuy ? more : 0);
            var low = book.QuantityOf(exposed) - book.OpenOf(exposed, buys: false) - (isBuy ? 0 : more);
            var worst = price * Math.Max(Math.Abs(high), Math.Abs(low));
            (gross, highest, lowest) = (gross + worst, highest + (price * high), lowest + (price * low));
            if (exposed == symbol) position = worst;
            if (book.SectorOf(exposed) is { } name && name == book.SectorOf(symbol)) sector += worst;
        }

        return new(gross, Math.Max(Math.Abs(highest), Math.Abs(lowest)), position, sector);
    }
}
