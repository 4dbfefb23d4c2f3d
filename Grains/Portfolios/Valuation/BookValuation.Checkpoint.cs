namespace Trading.Portfolios;

/// <summary>To and from a checkpoint.</summary>
sealed partial class BookValuation
{
    /// <summary>The valuation as it was when it was captured.</summary>
    public static BookValuation Restore(string portfolio, BookCheckpoint checkpoint)
    {
        var book = Book.Restore(portfolio, checkpoint.Book, recentKeys: 0);
        var valuation = new BookValuation(book, new PortfolioOptions
        {
            VarLookbackDays = checkpoint.VarLookbackDays,
            VarMinSessions = checkpoint.VarMinSessions,
            AmountDecimals = checkpoint.AmountDecimals ?? Money.Decimals,
            Pegs = checkpoint.Pegs?.ToDictionary() ?? [],
            PegPairs = checkpoint.PegPairs,
        });
        foreach (var known in checkpoint.Prices) valuation._prices.Restore(known);
        valuation._outdated = true;
        return valuation;
    }

    /// <summary>Everything that decisions from here on are made of, right after a <see cref="Recalculated"/> or a
    /// <see cref="TakenUp"/>: only there the risk follows from positions and prices alone. What is returned makes the
    /// copy, on any thread.</summary>
    public Func<BookCheckpoint> Capture()
    {
        var (book, prices) = (Book.CaptureForReplay(), _prices.Capture());
        return () => new BookCheckpoint(book, _options.VarLookbackDays, _options.VarMinSessions, prices())
        {
            AmountDecimals = _options.AmountDecimals,
            Pegs = _options.PegsInForce(),
            PegPairs = _options.PegPairs,
        };
    }
}
