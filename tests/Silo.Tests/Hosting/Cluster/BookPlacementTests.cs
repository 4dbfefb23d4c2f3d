using System.Net;

namespace Trading.Hosting.Tests;

public sealed class BookPlacementTests
{
    static readonly SiloAddress[] Three = [.. Enumerable.Range(1, 3).Select(Silo)];
    static readonly IdSpan[] Books = [.. Enumerable.Range(0, 3_000).Select(number => IdSpan.Create($"book-{number}"))];

    [Fact]
    public void ABookAndItsLimits_AreOnOneSilo_WhoeverAsks()
    {
        var resolver = new BookPlacementResolver();
        foreach (var grain in new[] { typeof(Portfolios.PortfolioGrain), typeof(Risk.RiskLimitGrain) })
            resolver.TryResolvePlacementStrategy(TypeOf(grain), null, out var strategy)
                .ShouldBe(strategy is BookPlacement, grain.Name);

        foreach (var book in Books)
            BookPlacementDirector.Choose(book, Three)
                .ShouldBe(BookPlacementDirector.Choose(book, [.. Three.Reverse()]));
    }

    [Fact]
    public void Books_AreSpreadEvenly() =>
        Books.CountBy(book => BookPlacementDirector.Choose(book, Three))
            .ShouldAllBe(silo => silo.Value > 850 && silo.Value < 1_150);

    [Fact]
    public void ASiloThatComes_TakesItsShare_AndMovesNoOtherBook()
    {
        SiloAddress[] four = [.. Three, Silo(4)];

        var moved =
            Books.Where(book => BookPlacementDirector.Choose(book, four) != BookPlacementDirector.Choose(book, Three))
            .ToList();

        moved.ShouldAllBe(book => BookPlacementDirector.Choose(book, four).Equals(four[3]));
        moved.Count.ShouldBeInRange(600, 900);
    }

    static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11_110 + number, 700_000_000 + number);

    /// <summary>By the name that Orleans gives a class without one of its own.</summary>
    static GrainType TypeOf(Type grain) =>
        GrainType.Create(grain.Name.Replace("Grain", "", StringComparison.Ordinal).ToLowerInvariant());
}
