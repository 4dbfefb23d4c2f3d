namespace Trading.Configuration;

/// <summary>How far two names are apart in letters: put in, left out, exchanged, or two that changed places.</summary>
static class EditDistance
{
    /// <summary>Names further apart than this share of their letters do not look alike.</summary>
    const double MaxShare = 0.34;

    /// <summary>The nearest of some names, by the whole name or by its last part alone; null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> names)
    {
        var (last, best, least) = (Last(name), (string?)null, MaxShare);
        foreach (var known in names)
        {
            // One slip in the whole name is nearer than the same word elsewhere.
            var whole = Between(name.ToUpperInvariant(), known.ToUpperInvariant()) == 1 ? 0 : Share(name, known);
            // The right word in the wrong section is worth a hint, though a weaker one.
            var share = Math.Min(whole, 0.05 + Share(last, Last(known)));
            if (share < least) (best, least) = (known, share);
        }

        return best;
    }

    static string Last(string path) => path[(path.LastIndexOf(':') + 1)..];

    static double Share(string a, string b) =>
        (double)Between(a.ToUpperInvariant(), b.ToUpperInvariant()) / Math.Max(1, Math.Max(a.Length, b.Length));

    /// <summary>Restricted Damerau-Levenshtein distance.</summary>
    public static int Between(string a, string b)
    {
        var distances = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) distances[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) distances[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(distances[i - 1, j] + 1, distances[i, j - 1] + 1), distances[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, distances[i - 2, j - 2] + 1);
                distances[i, j] = least;
            }

        return distances[a.Length, b.Length];
    }
}
