using System.Text.Json;

namespace Trading.Simulation.Tests;

static partial class Approvals
{
    /// <summary>An order that only reduces holds what there is to reduce, is refused by name where there is nothing, and else
    /// by nothing but a measure of the whole book.</summary>
    static void ReduceOnly(BookModel book, JsonElement decision, string what)
    {
        var isBuy = BookModel.Text(decision, "action") == "BUY";
        var closable = book.ClosableBy(BookModel.Text(decision, "symbol")!, isBuy);
        var quantity = decision.GetProperty("quantity").GetDecimal();
        if (decision.GetProperty("approved").GetBoolean())
        {
            Ensure.That(closable > 0, $"{what} may only reduce, and there is nothing to reduce");
            Ensure.That(BookModel.Number(decision, "reserved_quantity") == Math.Min(quantity, closable),
                $"{what} holds something else than what there is to reduce, {closable}");
            return;
        }

        var codes = decision.GetProperty("violations").EnumerateArray().Select(broken => BookModel.Text(broken, "code")!).ToList();
        Ensure.That(closable > 0 ? codes.All(OfTheBook.Contains) : codes.Contains("reduce_only"),
            $"{what} may only reduce {closable}, and is refused by {string.Join(' ', codes)}");
    }
}
