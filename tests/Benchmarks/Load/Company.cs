using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Load;

/// <summary>What else goes on in a busy day: persons and machines who ask for reports and explanations, change limits, bring prices and
/// ask for stresses, each at a pace of its own.</summary>
sealed class Company : IDisposable
{
    public const string Name = "decisions while reports, explanations, limits, prices and stresses go on";

    static readonly (string What, TimeSpan Every)[] Paces =
    [
        ("report", TimeSpan.FromMilliseconds(500)),
        ("explanation", TimeSpan.FromMilliseconds(500)),
        ("limits", TimeSpan.FromSeconds(5)),
        ("price", TimeSpan.FromSeconds(1)),
        ("stress", TimeSpan.FromSeconds(5)),
    ];

    readonly HttpClient _client;
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentDictionary<string, int> _done = new();
    readonly Task[] _all;

    public Company(ServerProcess silo)
    {
        _client = silo.Client();
        _all = [.. Paces.Select(pace => Task.Run(() => GoOnAsync(pace.What, pace.Every)))];
    }

    /// <summary>How often each was answered.</summary>
    public string Done => string.Join(", ", _done.OrderBy(done => done.Key).Select(done => $"{done.Value} × {done.Key}"));

    public void Dispose()
    {
        _end.Cancel();
        Task.WaitAll(_all);
        _client.Dispose();
        _end.Dispose();
    }

    async Task GoOnAsync(string what, TimeSpan every)
    {
        try
        {
            for (var turn = 0; ; turn++)
            {
                using var answer = await AskAsync(what, turn);
                // Beside fills not every place in the journal is a decision.
                if (what != "explanation" || answer.StatusCode != HttpStatusCode.NotFound) answer.EnsureSuccessStatusCode();
                _done.AddOrUpdate(what, 1, (_, done) => done + 1);
                await Task.Delay(every, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the round is over
        }
    }

    Task<HttpResponseMessage> AskAsync(string what, int turn) => what switch
    {
        "report" => _client.GetAsync(new Uri("/api/risk/report", UriKind.Relative), _end.Token),
        "explanation" => _client.GetAsync(new Uri($"/api/risk/decisions/default:{100 + turn % 1_000}", UriKind.Relative), _end.Token),
        "stress" => _client.GetAsync(new Uri("/api/risk/stress", UriKind.Relative), _end.Token),
        "limits" => PostAsync("/api/risk/update-limits", "application/json", string.Create(CultureInfo.InvariantCulture,
            $$"""{"changed_by":"benchmark","reason":"load","limits":{"max_position_weight":{{0.10 + turn % 2 * 0.01}} } }""")),
        // Of a symbol that the book does not hold: bars of a few days would be all the history that it has.
        _ => PostAsync("/api/data/ingest?interval=1d&symbol=LOAD&source=load", "text/csv", string.Create(CultureInfo.InvariantCulture,
            $"date,open,high,low,close,volume\n2001-12-{3 + turn % 20:00},120,122,119,{120 + turn % 7 * 0.1:0.0},1000\n")),
    };

    Task<HttpResponseMessage> PostAsync(string path, string type, string body) =>
        _client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, type), _end.Token);
}
