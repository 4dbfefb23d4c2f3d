using System.Collections.Immutable;

namespace Trading.Learning.Tests;

public sealed class FeatureTests
{
    const FeatureNeeds OneSymbol = FeatureNeeds.Range | FeatureNeeds.Volume;

    static double[][] Rows(SymbolHistory history, FeatureNeeds needs = OneSymbol)
    {
        var features = new SymbolFeatures(needs);
        return [.. history.Bars.Select(bar =>
        {
            var row = new double[features.Width];
            features.Update(bar, 0, row);
            return row;
        })];
    }

    [Fact]
    public void Catalog_HasMoreThanEightyColumns_EachWithItsDefinition_AndNoNameTwice()
    {
        FeatureCatalog.Columns(FeatureNeeds.None, []).Length.ShouldBeGreaterThanOrEqualTo(80);
        FeatureCatalog.All.Length.ShouldBeGreaterThan(120);
        FeatureCatalog.All.Select(feature => feature.Name).ShouldBeUnique();
        FeatureCatalog.All.ShouldAllBe(feature => feature.LookBack >= 1 && feature.Parameters.Length > 0);
    }

    [Fact]
    public void Features_AgreeWithTheirPlainDefinitions()
    {
        var history = Histories.Walk(700, seed: 1, carry: 0.2);
        var (rows, columns) = (Rows(history), FeatureCatalog.Columns(OneSymbol, []));
        foreach (var (name, value) in new PlainFeatures([.. history.Bars]).All)
        {
            var column = columns.ToList().FindIndex(feature => feature.Name == name);
            foreach (var at in (int[])[320, 333, 450, 577, 699])
                rows[at][column].ShouldBe(value(at), 1e-9 * Math.Max(1, Math.Abs(value(at))), $"{name} at {at}");
        }
    }

    [Fact]
    public void EveryFeature_IsKnownExactlyFromItsLookBackOn()
    {
        var (rows, columns) = (Rows(Histories.Walk(400, seed: 2)), FeatureCatalog.Columns(OneSymbol, []));
        for (var column = 0; column < columns.Length; column++)
            rows.Select(row => double.IsFinite(row[column])).ShouldBe(
                Enumerable.Range(1, rows.Length).Select(bars => bars >= columns[column].LookBack), columns[column].Name);
    }

    [Fact]
    public void WhateverComesAfterASession_ChangesNothingUpToIt()
    {
        var history = Histories.Walk(600, seed: 3);
        var other = Histories.Walk(600, seed: 4);
        foreach (var cut in (int[])[260, 401, 598])
        {
            var mixed = SymbolHistory.Of("A", [.. history.Bars[..cut], .. other.Bars[cut..]]);
            Rows(mixed).Take(cut).ShouldBe(Rows(history).Take(cut));
        }
    }

    [Fact]
    public void CarryingOnBarByBar_GivesTheBitsOfCalculatingAllAgain()
    {
        ImmutableArray<SymbolHistory> panel = [.. Enumerable.Range(1, 8).Select(i => Histories.Walk(420, i, symbol: $"S{i}"))];
        var batch = FeatureTable.Of(panel);
        var live = new PanelFeatures([.. panel.Select(history => history.Symbol)], true, true, false, []);
        var rows = new double[8 * live.Columns.Length];
        var at = 0;
        for (var session = 0; session < 420; session++)
        {
            live.Advance(panel[0].Bars[session].Session, [.. panel.Select(history => (FeatureBar?)history.Bars[session])], null, rows);
            for (; at < batch.Count && batch.Place(at).Bar == session; at++)
                batch.Row(at).SequenceEqual(rows.AsSpan(batch.Place(at).Symbol * live.Columns.Length, live.Columns.Length)).ShouldBeTrue();
        }

        (at, batch.Columns.Length).ShouldBe((batch.Count, live.Columns.Length));
        batch.Count.ShouldBe(8 * (420 - batch.Columns.Max(column => column.LookBack) + 1));
    }

    [Fact]
    public void FlatPrices_AreUndefined_WhereTheyHaveNoDirection_AndNeverInfinite()
    {
        var table = FeatureTable.Of([Histories.OfCloses([.. Enumerable.Repeat(5.0, 400)])]);
        table.Count.ShouldBe(0);
        table.Columns.Where((_, column) => table.Undefined[column] > 0).Select(column => column.Name)
            .ShouldContain("skewness_21");
    }

    [Fact]
    public void AHistoryOfClosesOnly_HasNoColumnsOfRangeOrVolume()
    {
        var columns = FeatureTable.Of([Histories.OfCloses([.. Histories.Walk(300, 5).Bars.Select(bar => bar.Close)])]).Columns;
        columns.ShouldAllBe(column => column.Needs == FeatureNeeds.None);
    }

    [Fact]
    public void Beta_IsOfTheGivenMarket_AndASessionWithoutIt_CountsForNothing()
    {
        var market = Histories.Walk(400, seed: 6);
        var symbol = SymbolHistory.Of("B", [.. market.Bars.Select(bar => FeatureBar.OfClose(bar.Session, Math.Pow(bar.Close, 1.5)))]);
        var closes = market.Bars.Where((_, i) => i != 350).ToDictionary(bar => bar.Session, bar => bar.Close);
        var table = FeatureTable.Of([symbol], closes);
        table.SkippedSessions.ShouldBe(1);
        Named(table, "beta_63", table.Count - 1).ShouldBe(1.5, 1e-9);
        Named(table, "correlation_252", table.Count - 1).ShouldBe(1, 1e-9);
        Named(table, "residual_volatility_63", table.Count - 1).ShouldBe(0, 1e-8);
    }

    [Fact]
    public void Ranks_AreFromZeroToOne_AmongTheSymbolsOfTheSession()
    {
        ImmutableArray<SymbolHistory> panel = [.. Enumerable.Range(1, 6).Select(i => Histories.Walk(300, i, symbol: $"S{i}"))];
        var table = FeatureTable.Of(panel);
        var last = Enumerable.Range(table.Count - 6, 6).ToList();
        last.Select(row => Named(table, "rank_return_5", row)).Order().ShouldBe([0, 0.2, 0.4, 0.6, 0.8, 1], 1e-12);
        last.OrderBy(row => Named(table, "return_5", row)).ShouldBe(last.OrderBy(row => Named(table, "rank_return_5", row)));
        last.Select(row => Named(table, "dispersion", row)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void ASeriesFromOutside_IsUsedFromTheSessionItWasKnownOn()
    {
        var history = Histories.Walk(400, seed: 7);
        var sessions = history.Bars.Select(bar => bar.Session).ToArray();
        var rate = new ExternalSeries("rate", ExternalKind.Level, null, [new(sessions[0], 1), new(sessions[300], 2)]);
        var news = new ExternalSeries("news", ExternalKind.Count, "A", [new(sessions[0], 9), new(sessions[310], 3), new(sessions[312], 4)]);
        var table = FeatureTable.Of([history], external: [rate, news]);
        int At(int bar) => Enumerable.Range(0, table.Count).First(row => table.Place(row).Bar == bar);
        (Named(table, "rate", At(299)), Named(table, "rate", At(300))).ShouldBe((1, 2));
        Named(table, "rate_change_63", At(320)).ShouldBe(1);
        (Named(table, "news_1", At(311)), Named(table, "news_5", At(312)), Named(table, "news_5", At(317))).ShouldBe((0, 7, 0));
    }

    [Fact]
    public void SeriesFromOutside_AgreeWithLookingAtEveryPointAgain_AndCarryingOnWithBatch_ToTheBit()
    {
        var random = new Random(17);
        var history = Histories.Walk(420, seed: 9);
        var days = history.Bars.Select(bar => bar.Session).ToArray();
        ImmutableArray<ExternalPoint> Points(int from, int to, int most) => [.. Enumerable.Range(0, 150)
            .Select(_ => days[from].AddDays(random.Next((days[to].DayNumber - days[from].DayNumber))))
            .Order().Select(day => new ExternalPoint(day, random.Next(most)))];
        // The level says nothing for a while, and both end before the prices do.
        ExternalSeries rate = new("rate", ExternalKind.Level, null, [.. Points(5, 200, 9), .. Points(300, 400, 9)], MaxAge: 10);
        ExternalSeries news = new("news", ExternalKind.Count, "A", Points(20, 390, 5), MaxAge: 30);
        double Level(int at) => rate.Points.LastOrDefault(point => point.KnownBy <= days[at]) is { KnownBy: var known, Value: var value }
            && known != default && days[at].DayNumber - known.DayNumber <= 10 ? value : double.NaN;
        double Count(int at) => at > 0 && days[at] > news.Points[0].KnownBy
            && news.Points.Any(point => point.KnownBy <= days[at] && point.KnownBy >= days[at].AddDays(-30))
            ? news.Points.Where(point => point.KnownBy <= days[at] && point.KnownBy > days[at - 1]).Sum(point => point.Value) : double.NaN;

        var live = new PanelFeatures(["A"], true, true, false, [rate, news]);
        var names = live.Columns.Select(column => column.Name).ToList();
        var row = new double[names.Count];
        var batch = FeatureTable.Of([history], external: [rate, news]);
        var (next, known) = (0, 0);
        for (var at = 0; at < days.Length; at++)
        {
            live.Advance(days[at], [history.Bars[at]], null, row);
            row[names.IndexOf("rate")].ShouldBe(Level(at));
            row[names.IndexOf("rate_change_63")].ShouldBe(at < 63 ? double.NaN : Level(at) - Level(at - 63));
            foreach (var length in (int[])[1, 5, 21])
                row[names.IndexOf($"news_{length}")].ShouldBe(
                    at + 1 < length ? double.NaN : Enumerable.Range(at + 1 - length, length).Sum(Count));
            if (row.All(double.IsFinite)) known++;
            if (next < batch.Count && batch.Place(next).Bar == at) batch.Row(next++).SequenceEqual(row).ShouldBeTrue();
        }

        (batch.Count, next).ShouldBe((known, known));
        known.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void BarsOutOfOrder_OrThatContradictThemselves_AreRefused()
    {
        var day = new DateOnly(2020, 1, 2);
        var features = new SymbolFeatures(OneSymbol);
        var row = new double[features.Width];
        features.Update(new(day, 1, 2, 1, 2, 10), 0, row);
        Should.Throw<ArgumentException>(() => features.Update(new(day, 1, 2, 1, 2, 10), 0, row)).Message.ShouldContain("2020-01-02");
        Should.Throw<ArgumentException>(() => features.Update(new(day.AddDays(1), 1, 2, 1.5, 2, 10), 0, row));
        Should.Throw<ArgumentException>(() => features.Update(new(day.AddDays(1), 1, double.NaN, 1, 2, 10), 0, row));
        Should.Throw<ArgumentException>(() => features.Update(new(day.AddDays(1), 1, 2, 1, 2, -1), 0, row));
    }

    static double Named(FeatureTable table, string name, int row) =>
        table.Row(row)[table.Columns.ToList().FindIndex(column => column.Name == name)];
}
