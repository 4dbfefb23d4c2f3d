using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Backtests;

/// <summary>Reads what a job is to make. Pure.</summary>
static class BacktestRequests
{
    /// <summary>Every rule that the request breaks.</summary>
    public static ImmutableArray<FieldError> Check(BacktestRequest request, StrategyCatalog catalog)
    {
        try
        {
            ImmutableArray<FieldError> errors = (request.Test, request.Sweep) switch
            {
                (not null, null) => [.. BacktestRules.Check(Test(request), catalog)],
                (null, not null) => [.. SweepTrials.Check(Sweep(request), catalog)],
                _ => [new("test", "one", "A job has a test or a sweep, one of the two.")],
            };
            if (!errors.IsEmpty) return errors;
            var test = request.Test is null ? Sweep(request).Test : Test(request);
            ImmutableArray<FieldError> data =
            [
                .. test.Symbols.Where(symbol => !GrainKeys.IsSymbol(symbol) || GrainKeys.Symbol(symbol) != symbol)
                    .Select(symbol => new FieldError("symbols", "symbol", $"'{symbol}' is no ticker in upper case.")),
            ];
            return test.Symbols.IsEmpty ? [new("symbols", "required", "Name the symbols to test on.")]
                : [.. data, .. GateRules.Check(test.Gate!)];
        }
        catch (BacktestRefusedException refused)
        {
            return refused.Errors;
        }
    }

    public static BacktestSpec Test(BacktestRequest request) =>
        GateRules.InForce(BacktestJson.ReadSpec(Encoding.UTF8.GetBytes(request.Test!)));

    /// <exception cref="BacktestRefusedException">It is not the JSON of a sweep.</exception>
    public static SweepSpec Sweep(BacktestRequest request) => Sweep(request.Sweep!);

    /// <exception cref="BacktestRefusedException">It is not the JSON of a sweep.</exception>
    public static SweepSpec Sweep(string json)
    {
        var sweep = BacktestJson.ReadSweep(Encoding.UTF8.GetBytes(json));
        return sweep with { Test = GateRules.InForce(sweep.Test) };
    }

    /// <summary>A name of its own for a job: its request and the moment at which it came.</summary>
    public static string Folder(BacktestRequest request, DateTimeOffset submittedAt) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{request.Test}\n{request.Sweep}\n{submittedAt.UtcTicks}"))))[..16];

    /// <summary>Where the chunks of a sweep begin.</summary>
    public static ImmutableArray<int> Chunks(int trials, int size) =>
        [.. Enumerable.Range(0, (trials + size - 1) / size).Select(chunk => chunk * size)];
}
