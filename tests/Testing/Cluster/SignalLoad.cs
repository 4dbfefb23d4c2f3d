using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;

namespace Trading.Testing.Cluster;

/// <summary>A decision that a caller was given.</summary>
/// <param name="At">Since the load began.</param>
/// <param name="Took">From the first try to the answer.</param>
public sealed record Acknowledgement(
    string Book, string Order, string Symbol, string DecisionId, bool Approved, decimal Quantity, decimal? Price,
    TimeSpan At, TimeSpan Took);

/// <summary>Callers, each with a book, who ask about one signal after another, and ask again under the same client order
/// id, at the next API process, until they have an answer.</summary>
public sealed class SignalLoad : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly string[] Symbols = ["AA", "AXP", "BA", "CAT", "KO", "DD", "XOM", "GE", "HD", "INTC", "IBM", "MRK"];

    readonly HttpClient _client;
    readonly CancellationTokenSource _end = new();
    readonly IReadOnlyList<Uri> _apis;
    readonly IReadOnlyList<string> _books;
    readonly ConcurrentQueue<Acknowledgement> _acknowledged = [];
    readonly ConcurrentDictionary<int, int> _refusals = [];

    /// <summary>By book: when the signal was first asked about that has its answer and was begun last.</summary>
    readonly ConcurrentDictionary<string, TimeSpan> _newest = [];

    readonly long _began = TimeProvider.System.GetTimestamp();
    readonly Task[] _callers;

    /// <summary>Begins at once.</summary>
    /// <param name="authFile">With the token of whoever started the processes; null for those of a <see cref="TestCluster"/>.</param>
    public SignalLoad(IReadOnlyList<Uri> apis, IReadOnlyList<string> books, int callers, string? authFile = null)
    {
        (_apis, _books) = (apis, books);
        _client = new(new DevelopmentAuth(authFile ?? TradingProcess.AuthFile(TradingProcess.Settings("")))) { Timeout = Patience };
        _callers = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller)))];
    }

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    public ImmutableArray<Acknowledgement> Acknowledged => [.. _acknowledged];

    /// <summary>Answers that were none, by HTTP status; 0 where there was no answer at all.</summary>
    public IReadOnlyDictionary<int, int> Failures => _refusals;

    /// <summary>Every caller gets the answer that it waits for, and ends.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    /// <summary>Waits for an answer to a signal of each book that was first asked about from now on.</summary>
    public async Task AnsweredAsync()
    {
        var from = Now;
        await Wait.UntilAsync(() =>
        {
            var failed = _callers.FirstOrDefault(caller => caller.IsFaulted);
            failed?.GetAwaiter().GetResult();
            return _books.All(book => _newest.TryGetValue(book, out var begun) && begun >= from);
        });
    }

    /// <summary>The longest time within a span in which no caller of a book got an answer: of the book that had to
    /// wait the longest, and of all of them together.</summary>
    public (TimeSpan OfOneBook, TimeSpan OfAll) Silence(TimeSpan from, TimeSpan to)
    {
        var seen = _acknowledged.Where(one => one.At >= from && one.At <= to).ToList();
        return (_books.Max(book => Longest(seen.Where(one => one.Book == book))), Longest(seen));

        TimeSpan Longest(IEnumerable<Acknowledgement> answers)
        {
            var (last, longest) = (from, TimeSpan.Zero);
            foreach (var at in answers.Select(one => one.At).Order().Append(to))
                (last, longest) = (at, at - last > longest ? at - last : longest);
            return longest;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _client.Dispose();
        _end.Dispose();
    }

    async Task CallAsync(int caller)
    {
        for (var turn = 0; !_end.IsCancellationRequested; turn++)
        {
            var symbol = Symbols[turn % Symbols.Length];
            await AskAsync(_books[caller % _books.Count], symbol, $"{caller}-{turn}", caller);
        }
    }

    async Task AskAsync(string book, string symbol, string order, int api)
    {
        var signal =
            new { symbol, action = "BUY", position_size = 1.0, confidence = 0.85, client_order_id = order, portfolio =
            book };
        for (var (began, attempt) = (Now, api); ; attempt++)
        {
            if (await TryAsync(_apis[attempt % _apis.Count], signal) is { } decision)
            {
                _acknowledged.Enqueue(new Acknowledgement(
                    book, order, symbol, decision.GetProperty("decision_id").GetString()!,
                        decision.GetProperty("approved").GetBoolean(),
                    decision.GetProperty("quantity").GetDecimal(), Price(decision), Now, Now - began));
                _newest.AddOrUpdate(book, began, (_, before) => before > began ? before : began);
                return;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Null is a price that is not known, on which nothing is approved.</summary>
    static decimal? Price(JsonElement decision) =>
        decision.GetProperty("reference_price") is { ValueKind: JsonValueKind.Number } price ? price.GetDecimal()
            : null;

    /// <returns>The decision; null where there was none, and the same is asked again.</returns>
    async Task<JsonElement?> TryAsync(Uri api, object signal)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync(new Uri(api, "/api/risk/validate-signal"), signal);
            if (response.IsSuccessStatusCode) return await response.Content.ReadFromJsonAsync<JsonElement>();
            _refusals.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            if ((int)response.StatusCode is >= 400 and < 429)
                throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            _refusals.AddOrUpdate(0, 1, (_, count) => count + 1);
        }

        return null;
    }
}
