namespace Trading.Portfolios.Tests;

public class ExpiriesTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 30_000)]
    [InlineData(1, 30_100)]
    [InlineData(99.9999, 30_100)]
    [InlineData(100, 30_100)]
    public void A_reservation_ends_with_the_next_tenth_of_a_second_and_never_earlier(double madeAfterMilliseconds, int endsAfterMilliseconds) =>
        Expiries.End(Noon.AddMilliseconds(madeAfterMilliseconds), 30).ShouldBe(Noon.AddMilliseconds(endsAfterMilliseconds));

    [Fact]
    public void What_ends_by_now_comes_together_once_and_in_the_order_of_the_ends()
    {
        var expiries = new Expiries();
        expiries.Add("later", Noon.AddSeconds(2));
        expiries.Add("first", Noon);
        expiries.Add("closed", Noon.AddSeconds(1));
        expiries.Add("second", Noon.AddSeconds(1));
        expiries.Take(Noon.AddTicks(-1), _ => true).ShouldBeEmpty();

        expiries.Take(Noon.AddSeconds(1), id => id != "closed").ShouldBe(["first", "second"]);
        expiries.Take(Noon.AddSeconds(1), _ => true).ShouldBeEmpty();

        expiries.Take(Noon.AddSeconds(2), _ => true).ShouldBe(["later"]);
    }

    [Fact]
    public void A_time_may_come_up_again_after_it_was_taken()
    {
        var expiries = new Expiries();
        expiries.Add("early", Noon);
        expiries.Take(Noon, _ => true).ShouldBe(["early"]);
        expiries.Add("late", Noon);
        expiries.Take(Noon, _ => true).ShouldBe(["late"]);
    }
}
