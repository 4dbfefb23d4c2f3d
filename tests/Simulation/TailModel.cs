using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>Value at risk and expected shortfall measured a second time: from the closes in the stream, by sorting, over every way in which
/// open orders may fill or not. Holds decisions and fills against them; none of the product's code.</summary>
sealed class TailModel
{
    /// <summary>Symbols with open orders up to which the product says that it measures every corner.</summary>
    const int ExactSymbols = 4;

    const double Tolerance = 1e-7;

    static readonly string[] Codes = ["value_at_risk_95", "value_at_risk_99", "expected_shortfall_97_5"];

    /// <summary>As they were told, and as the book that decides values them.</summary>
    readonly Dictionary<string, (double Price, List<int> Days, List<double> Closes)> _told = [], _series = [];
    int _lookback, _minimum;
    Foreseen? _foreseen;
    bool _wasFilled;
    double[]? _booked, _alone;

    /// <summary>What the last decision said the tail may come to, in money, and what it was said of.</summary>
    sealed record Foreseen(double[] Losses, int[] Sessions, Dictionary<string, (decimal Lowest, decimal Highest)> Box);

    /// <summary>Whether the last order that was decided, filled alone, makes the tail of the positions booked larger.</summary>
    public bool GrowsAlone(string code) => Array.IndexOf(Codes, code == "budget_shortfall" ? Codes[2] : code) is >= 0 and var at
        && _booked is not null && _alone![at] > _booked[at];

    /// <summary>Takes an event before it changes the book.</summary>
    public void Observe(BookModel book, string type, JsonElement change)
    {
        if (_wasFilled) CheckFill(book);
        _wasFilled = type == "filled" && IsAsApproved(change.GetProperty("receipt"));
        switch (type)
        {
            case "taken_up":
                _told.Clear();
                (_lookback, _minimum) = (change.GetProperty("var_lookback_days").GetInt32(), change.GetProperty("var_min_sessions").GetInt32());
                _foreseen = null;
                break;
            case "priced" when BookModel.Number(change, "price") is { } price:
                Learn(change, (double)price);
                _foreseen = null;
                break;
            case "filled" when !_wasFilled:
            case "corporate_action_taken" or "symbol_changed":
                _foreseen = null;
                break;
            case "decided":
                CheckDecision(book, change);
                break;
        }
    }

    static bool IsAsApproved(JsonElement receipt) => BookModel.Text(receipt, "reservation_id") is not null
        && (!receipt.TryGetProperty("violations", out var violations) || violations.ValueKind != JsonValueKind.Array);

    void Learn(JsonElement change, double price)
    {
        var symbol = BookModel.Text(change, "symbol")!;
        var (days, closes) = _told.TryGetValue(symbol, out var known) ? (known.Days, known.Closes) : ([], []);
        var kept = change.GetProperty("kept").GetInt32();
        _told[symbol] = (
            price,
            [.. days.TakeLast(kept), .. change.GetProperty("days").EnumerateArray().Select(day => day.GetInt32())],
            [.. closes.TakeLast(kept), .. change.GetProperty("closes").EnumerateArray().Select(close => close.GetDouble())]);
    }

    /// <summary>In the book's currency, over the sessions that price and rate have in common.</summary>
    bool IsKnown(BookModel book, string symbol)
    {
        if (!_told.TryGetValue(symbol, out var known)) return false;
        _series[symbol] = known;
        if (book.PairOf(symbol) is not { } pair) return true;
        if (!_told.TryGetValue(pair, out var rate)) return false;
        int[] both = [.. known.Days.Intersect(rate.Days)];
        _series[symbol] = (
            known.Price * rate.Price, [.. both],
            [.. both.Select(day => known.Closes[known.Days.IndexOf(day)] * rate.Closes[rate.Days.IndexOf(day)])]);
        return true;
    }

    void CheckDecision(BookModel book, JsonElement decision)
    {
        (_foreseen, _booked, _alone) = (null, null, null);
        var symbol = BookModel.Text(decision, "symbol")!;
        string[] symbols = [.. book.Exposed.Append(symbol).Distinct()];
        if (book.Equity is not > 0 || symbols.Any(one => !IsKnown(book, one))) return;
        var sessions = Common(symbols);
        if (sessions.Length - 1 < _minimum || symbols.Any(one => Repeats(one, sessions))) return;

        var equity = (double)book.Equity.Value;
        var (isBuy, reduces) = (BookModel.Text(decision, "action") == "BUY", BookModel.IsFlagged(decision, "reduce_only"));
        var units = decision.GetProperty("quantity").GetDecimal();
        if (reduces) units = Math.Min(units, book.ClosableBy(symbol, isBuy));
        var quantity = isBuy ? units : -units;
        var before = symbols.ToDictionary(one => one, one => (
            Lowest: book.QuantityOf(one) - book.OpenOf(one, buys: false), Highest: book.QuantityOf(one) + book.OpenOf(one, buys: true)));
        var end = book.OpenOf(symbol, isBuy, units, reduces);
        var after = new Dictionary<string, (decimal Lowest, decimal Highest)>(before)
        {
            [symbol] = isBuy
                ? (before[symbol].Lowest, book.QuantityOf(symbol) + end)
                : (book.QuantityOf(symbol) - end, before[symbol].Highest),
        };
        _booked = Measure(sessions, symbols.ToDictionary(one => one, book.QuantityOf));
        _alone = Measure(sessions, symbols.ToDictionary(one => one, one => book.QuantityOf(one) + (one == symbol ? quantity : 0)));
        var most = Larger(Largest(sessions, before), _booked);
        var (mostAfter, exact) = (
            Larger(Larger(most, Largest(sessions, after)), _alone), after.Count(one => one.Value.Lowest != one.Value.Highest) <= ExactSymbols);
        var what = $"{book.Name}: decision {BookModel.Text(decision, "decision_id")}";
        Same(decision.GetProperty("before"), most, equity, exact, what + " before");
        Same(decision.GetProperty("after"), mostAfter, equity, exact, what + " after");
        var approved = decision.GetProperty("approved").GetBoolean();
        if (approved) Within(book.Limits, equity, what);
        var losses = Recorded(decision.GetProperty(approved ? "after" : "before"), equity);
        _foreseen = losses is null ? null : new(losses, sessions, approved ? after : before);
    }

    void Within(JsonElement limits, double equity, string what)
    {
        for (var i = 0; i < Codes.Length; i++)
            Ensure.That(
                BookModel.Number(limits, "max_" + Codes[i]) is not { } limit || _alone![i] <= ((double)limit * equity * (1 + Tolerance))
                || _alone[i] <= _booked![i] + (Tolerance * Math.Abs(_booked[i])),
                $"{what} is approved, and filled alone takes {Codes[i]} from {_booked![i] / equity} to {_alone![i] / equity}");
    }

    /// <summary>No fill of what was approved leads to a tail that the last decision did not foresee.</summary>
    void CheckFill(BookModel book)
    {
        if (_foreseen is not { } known || book.Exposed.Any(one => !known.Box.ContainsKey(one))) return;
        var losses = Measure(known.Sessions, known.Box.Keys.ToDictionary(one => one, book.QuantityOf));
        // Of value at risk only where every position stands at an end: between the ends it may be larger.
        var atCorner = known.Box.All(one => book.QuantityOf(one.Key) == one.Value.Lowest || book.QuantityOf(one.Key) == one.Value.Highest);
        for (var i = atCorner ? 0 : Codes.Length - 1; i < Codes.Length; i++)
            Ensure.That(
                losses[i] <= known.Losses[i] + (Tolerance * (1 + Math.Abs(known.Losses[i]))),
                $"{book.Name}: a fill takes {Codes[i]} to {losses[i]}; the last decision foresaw {known.Losses[i]}");
    }

    static void Same(JsonElement measures, double[] model, double equity, bool exact, string what)
    {
        if (Recorded(measures, equity) is not { } recorded) throw new BrokenInvariantException($"{what} has no tail, and the model has");
        for (var i = 0; i < Codes.Length; i++)
        {
            var slack = Tolerance * (1 + Math.Abs(model[i]));
            Ensure.That(
                recorded[i] >= model[i] - slack && (!exact || recorded[i] <= model[i] + slack), $"{what}: {Codes[i]} is {recorded[i]}, not {model[i]}");
        }
    }

    static double[]? Recorded(JsonElement measures, double equity)
    {
        var numbers = Codes.Select(code => BookModel.Number(measures, code)).ToArray();
        return numbers.Any(number => number is null) ? null : [.. numbers.Select(number => (double)number!.Value * equity)];
    }

    double[] Largest(int[] sessions, Dictionary<string, (decimal Lowest, decimal Highest)> box)
    {
        var symbols = box.Keys.ToArray();
        double[]? largest = null;
        for (var corner = 0; corner < 1 << symbols.Length; corner++)
        {
            var at = corner;
            if (symbols.Where((one, i) => (at >> i & 1) != 0 && box[one].Lowest == box[one].Highest).Any()) continue;
            var losses = Measure(sessions, symbols.Select((one, i) => (one, (at >> i & 1) == 0 ? box[one].Lowest : box[one].Highest)).ToDictionary());
            largest = largest is null ? losses : Larger(largest, losses);
        }

        return largest!;
    }

    static double[] Larger(double[] one, double[] other) => [.. one.Zip(other, Math.Max)];

    /// <summary>The three losses, in money.</summary>
    double[] Measure(int[] sessions, Dictionary<string, decimal> positions)
    {
        var pnl = new double[sessions.Length - 1];
        foreach (var (symbol, quantity) in positions.Where(one => one.Value != 0))
        {
            var returns = Returns(symbol, sessions);
            for (var i = 0; i < pnl.Length; i++) pnl[i] += (double)quantity * _series[symbol].Price * returns[i];
        }

        Array.Sort(pnl);
        var mass = pnl.Length * 0.025;
        var whole = (int)Math.Floor(mass + 1e-9);
        var tail = pnl[..whole].Sum() + (mass - whole > 1e-9 ? (mass - whole) * pnl[whole] : 0);
        return [-pnl[Rank(0.05)], -pnl[Rank(0.01)], -tail / mass];

        int Rank(double part) => (int)Math.Ceiling((pnl.Length * part) - 1e-9) - 1;
    }

    double[] Returns(string symbol, int[] sessions)
    {
        var (_, days, closes) = _series[symbol];
        var at = sessions.Select(session => closes[days.IndexOf(session)]).ToArray();
        return [.. Enumerable.Range(1, at.Length - 1).Select(i => (at[i] / at[i - 1]) - 1)];
    }

    bool Repeats(string symbol, int[] sessions)
    {
        var returns = Returns(symbol, sessions);
        return returns.Zip(returns.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) > 1e-9) < returns.Length / 2;
    }

    int[] Common(string[] symbols) => [.. symbols.Select(one => (IEnumerable<int>)_series[one].Days)
        .Aggregate((left, right) => left.Intersect(right)).Order().TakeLast(_lookback + 1)];
}
