using FsCheck;
using FsCheck.Fluent;

namespace Trading.MarketData.Tests;

public sealed class RollingMadTests
{
    [Fact]
    public void Score_IsThatOfSortedNumbers_ForAnyWindow()
    {
        var cases = from numbers in Gen.Choose(-50, 50).Select(number => number / 7d).ArrayOf() from size in Gen.Choose(1, 20) from last in Gen.Choose(1, 25)
                    select (Numbers: numbers, Size: size, Last: last);
        Prop.ForAll(cases.ToArbitrary(), each =>
        {
            var mad = new RollingMad(each.Size);
            foreach (var number in each.Numbers) mad.Add(number);
            var window = each.Numbers.TakeLast(Math.Min(each.Size, each.Last)).ToArray();
            if (window.Length == 0) return mad.Score(1, each.Last, 0.01) == 0 && double.IsNaN(mad.Median(each.Last));
            var median = Median(window);
            var expected = 0.6745 * Math.Abs(1.25 - median) / Math.Max(Median([.. window.Select(number => Math.Abs(number - median))]), 0.01);
            return Math.Abs(mad.Score(1.25, each.Last, 0.01) - expected) <= 1e-9 * expected && Math.Abs(mad.Median(each.Last) - median) < 1e-12;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    static double Median(double[] numbers)
    {
        var sorted = numbers.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
