using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Trading.Api;

/// <summary>Which book a request is about: the query and the bodies may name it, but must not contradict each other.</summary>
internal static class OneBook
{
    public static bool TryChoose(string? query, string? body, out string book, [NotNullWhen(false)] out ApiProblem? problem)
    {
        book = query ?? body ?? GrainKeys.DefaultPortfolio;
        problem = body is null || body == book ? null : ApiProblem.Invalid([Contradiction("portfolio", body, book)]);
        return problem is null;
    }

    public static bool TryChoose(string? query, ImmutableArray<SignalBody> signals, out string book, [NotNullWhen(false)] out ApiProblem? problem)
    {
        var unnamed = query ?? GrainKeys.DefaultPortfolio;
        var chosen = query ?? signals.FirstOrDefault()?.Portfolio ?? unnamed;
        book = chosen;
        problem = null;
        if (signals.All(signal => (signal.Portfolio ?? unnamed) == chosen)) return true;

        problem = ApiProblem.Invalid([.. signals.Select((signal, index) => (Named: signal.Portfolio ?? unnamed, index))
            .Where(signal => signal.Named != chosen)
            .Take(StrictJson.MaxErrors)
            .Select(signal => Contradiction($"[{signal.index}].portfolio", signal.Named, chosen))]);
        return false;
    }

    static FieldError Contradiction(string field, string named, string chosen) =>
        new(field, "one_book", $"A request is about one book: this names '{named}', the request '{chosen}'.");
}
