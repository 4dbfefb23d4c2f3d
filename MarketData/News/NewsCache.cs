using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>The last news of all feeds, newest first, each once.</summary>
/// <param name="capacity">How many are kept; the oldest go.</param>
sealed class NewsCache(int capacity)
{
    readonly Lock _gate = new();
    readonly SortedSet<NewsItem> _items = new(NewestFirst.Instance);
    readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>Adds what is not there yet.</summary>
    /// <returns>How many were added.</returns>
    public int Add(IEnumerable<NewsItem> items)
    {
        lock (_gate)
        {
            var added = 0;
            foreach (var item in items)
            {
                if (Keys(item).Any(_keys.Contains)) continue;
                if (_items.Count == capacity && NewestFirst.Instance.Compare(item, _items.Max) >= 0) continue;
                _items.Add(item);
                _keys.UnionWith(Keys(item));
                added++;
                if (_items.Count <= capacity) continue;
                _keys.ExceptWith(Keys(_items.Max!));
                _items.Remove(_items.Max!);
            }

            return added;
        }
    }

    public ImmutableArray<NewsItem> Find(NewsQuery query)
    {
        lock (_gate)
            return
            [
                .. _items.TakeWhile(item => !(item.Time < query.Since))
                    .Where(item => query.Symbol is null || item.Symbols.Contains(query.Symbol, StringComparer.Ordinal))
                    .Take(query.Limit),
            ];
    }

    /// <summary>By what an item is known again: its id, and its link without what only says where the reader came
    /// from.</summary>
    static IEnumerable<string> Keys(NewsItem item) =>
        item.Link is null ? [item.Id] : [item.Id, item.Link.Split('#', 2)[0].Split("?utm_", 2)[0]];

    sealed class NewestFirst : IComparer<NewsItem>
    {
        public static readonly NewestFirst Instance = new();

        public int Compare(NewsItem? x, NewsItem? y) =>
            y!.Time.CompareTo(x!.Time) is var byTime and not 0 ? byTime : string.CompareOrdinal(x.Id, y.Id);
    }
}
