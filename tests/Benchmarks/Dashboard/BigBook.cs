using System.Globalization;
using System.Text;

namespace Trading.Benchmarks.Dashboard;

/// <summary>A book of as many positions as asked for, each a symbol with prices of its own, as files that the program
/// reads.</summary>
static class BigBook
{
    const int Sessions = 2_400, Sectors = 11, Seed = 7;
    const double DailyMove = 0.012;
    static readonly DateOnly First = new(2000, 1, 3);

    /// <returns>Settings that bring it.</returns>
    public static string[] Write(string folder, int positions)
    {
        var symbols = Enumerable.Range(0, positions)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"S{n:0000}")).ToArray();
        var random = new Random(Seed);
        var prices = symbols.Select(_ => 20 + 100 * random.NextDouble()).ToArray();
        var dates = Enumerable.Range(0, int.MaxValue).Select(First.AddDays)
            .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).Take(Sessions);
        var (closes, halfway) = (new StringBuilder($"date,{string.Join(',', symbols)}\n"), (double[])prices.Clone());
        var row = 0;
        foreach (var date in dates)
        {
            closes.Append(date.ToString("O", CultureInfo.InvariantCulture));
            for (var i = 0; i < prices.Length; i++)
            {
                prices[i] *= Math.Exp(DailyMove * (random.NextDouble() + random.NextDouble() - 1));
                closes.Append(CultureInfo.InvariantCulture, $",{prices[i]:0.00}");
            }

            closes.Append('\n');
            if (++row == Sessions / 2) halfway = (double[])prices.Clone(); // where a replay begins
        }

        var held = symbols.Select((symbol, i) => string.Create(
            CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","quantity":100,"price":{{halfway[i]:0.00}}}"""));
        File.WriteAllText(Path.Combine(folder, "closes.csv"), closes.ToString());
        File.WriteAllText(Path.Combine(folder, "sectors.csv"), "symbol,company,sector\n" + string.Join(
            '\n', symbols.Select((symbol, i) => $"{symbol},{symbol},Sector {i % Sectors}")));
        File.WriteAllText(Path.Combine(folder, "portfolio.json"), $$"""
            {"currency":"USD","cash":20000000,"allow_short":false,"traded_on":"2004-01-01",
             "positions":[{{string.Join(',', held)}}]}
            """);
        return
        [
            $"portfolio:sample={Path.Combine(folder, "portfolio.json")}",
            $"market_data:prices={Path.Combine(folder, "closes.csv")}",
            $"market_data:sectors={Path.Combine(folder, "sectors.csv")}",
        ];
    }
}
