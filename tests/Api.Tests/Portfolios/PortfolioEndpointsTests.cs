using NSubstitute;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class PortfolioEndpointsTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task List_HoldsEveryId() => (await api.GetAsync("/api/portfolios")).Text.ShouldBe("""["default"]""");

    [Fact]
    public async Task Portfolio_IsReadWithPositionsAndReservations()
    {
        var reply = await api.GetAsync("/api/portfolios/default");

        reply.Text.ShouldBe("""
            {"portfolio":"default","currency":"USD","allow_short":false,"sequence":42,"cash":981750.25,"deposits":1000000,"fees":1.25,
            "market_value":18250,"equity":1000000.25,"realised_pnl":0,"unrealised_pnl":225,"high_water_mark":1000000.25,"drawdown":0,
            "prices_as_of":"2026-01-02","positions":[{"symbol":"IBM","sector":"Technology","quantity":100,"average_cost":180.25,
            "last_price":182.5,"market_value":18250,"unrealised_pnl":225,"realised_pnl":0,"weight":0.018,"priced_at":null,"doubt":null,
            "currency":null,"fx_rate":null,"fx_pnl":null,"realised_fx_pnl":null,"closable":null,"fx_peg":null}],
            "reservations":[{"reservation_id":"default:7","client_order_id":"order-1","symbol":"IBM","action":"BUY","quantity":1000,
            "remaining":400,"reference_price":182.5,"expires_at":"2026-01-05T12:05:00+00:00","strategy":null,"limit_price":null,
            "currency":null,"fx_rate":null}],"market":"crypto","fx_pnl":null,"awaiting":[]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Positions_AreReadAlone() =>
        (await api.GetAsync("/api/portfolios/default/positions")).Json[0].GetProperty("symbol").GetString().ShouldBe("IBM");

    [Theory]
    [InlineData("/api/portfolios/nowhere", 404, "portfolio unknown")]
    [InlineData("/api/portfolios/nowhere/positions", 404, "portfolio unknown")]
    [InlineData("/api/portfolios/NoWhere", 400, "id form")]
    [InlineData("/api/portfolios/default?id=other", 400, "id unknown_parameter")]
    public async Task Portfolio_ThatIsUnknownOrMalformed_IsRefused(string path, int status, string error)
    {
        var reply = await api.GetAsync(path);

        reply.Status.ShouldBe(status);
        reply.Errors.ShouldBe([error]);
    }

    [Fact]
    public async Task Reading_IsTriedAgainWhereTheGrainFails()
    {
        var book = api.Grain(Substitute.For<IPortfolioGrain>(), "shaky");
        book.GetSnapshotAsync().Returns(_ => throw new InvalidOperationException("The activation is gone."), _ => Outcome.Done(Samples.Snapshot));

        (await api.GetAsync("/api/portfolios/shaky")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task NewPortfolio_IsOpenedWithTheDefaults()
    {
        var book = api.Grain(Substitute.For<IPortfolioGrain>(), "alpha");
        book.CreateAsync(new("USD", 1_000_000m, false)).Returns(Outcome.Done(Samples.Snapshot with { Portfolio = "alpha" }));

        var reply = await api.PostAsync("/api/portfolios", """{"id":"alpha","cash":1000000}""");

        reply.Status.ShouldBe(201);
        reply.Location.ShouldBe(new Uri("/api/portfolios/alpha", UriKind.Relative));
        reply.Json.GetProperty("portfolio").GetString().ShouldBe("alpha");
    }

    [Fact]
    public async Task NewPortfolio_ThatExistsWithOtherTerms_IsAConflict()
    {
        api.Book.CreateAsync(new("EUR", 5m, true) { Market = AssetClass.Fx }).Returns(Outcome.Conflict<PortfolioSnapshot>("currency", "exists", "The portfolio exists with currency USD."));

        var reply = await api.PostAsync("/api/portfolios", """{"id":"default","currency":"EUR","cash":5,"allow_short":true,"market":"fx"}""");

        reply.Status.ShouldBe(409);
        reply.Errors.ShouldBe(["currency exists"]);
        reply.Location.ShouldBeNull();
    }

    [Fact]
    public async Task Fill_OfAnOrderInOnePiece_IsKnownByItsOrder()
    {
        api.Book.FillAsync(new("order-1", "order-1", null, "IBM", Side.Buy, 100m, 182.5m, 0m, false)).Returns(Outcome.Done(Samples.Receipt));

        var reply = await api.PostAsync("/api/portfolios/default/fills",
            """{"client_order_id":"order-1","symbol":"ibm","action":"BUY","quantity":100,"price":182.50}""");

        reply.Text.ShouldBe("""
            {"fill_id":"fill-1","sequence":43,"reservation_id":"default:7","symbol":"IBM","action":"BUY","quantity":100,"price":182.5,"fees":1.25,
            "realised_pnl":0,"remaining_reserved":300,"position_quantity":200,"cash":963499,"booked_at":"2026-01-05T12:00:00+00:00","violations":[],"value":null,"currency":null,"fx_rate":null,"fx_rate_at":null,"fx_pnl":null,"fee_currency":null,"fee_units":null,"fee_rate":null,"fees_booked":null}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Fill_WithEveryMember_ReachesTheBook()
    {
        api.Book.FillAsync(new("f", "o", "default:7", "IBM", Side.Sell, 0.5m, 1m, 0.25m, true)).Returns(Outcome.Done(Samples.Receipt));

        var reply = await api.PostAsync("/api/portfolios/default/fills", """
            {"fill_id":"f","client_order_id":"o","reservation_id":"default:7","symbol":"IBM","action":"SELL","quantity":0.5,"price":1,"fees":0.25,"external":true}
            """);

        reply.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Fill_ThatBreaksARule_IsBooked_AndTheReceiptSaysWhich()
    {
        api.Book.FillAsync(Arg.Is<Fill>(fill => fill.Quantity == 999m)).Returns(Outcome.Done(Samples.Receipt with
        {
            Violations = [new(FillRule.ExceedsReservation, 999, 400, "units", "999 units were filled and 400 were reserved.")],
        }));

        var reply = await api.PostAsync("/api/portfolios/default/fills", """{"fill_id":"f","symbol":"IBM","action":"BUY","quantity":999,"price":1}""");

        reply.Status.ShouldBe(200);
        var violation = reply.Json.GetProperty("violations")[0];
        violation.GetProperty("code").GetString().ShouldBe("exceeds_reservation");
        violation.GetProperty("observed").GetDecimal().ShouldBe(999m);
        violation.GetProperty("limit").GetDecimal().ShouldBe(400m);
    }

    [Fact]
    public async Task Transfer_MovesCash()
    {
        api.Book.TransferAsync(new("t1", -50.25m)).Returns(Outcome.Done(Samples.Snapshot));

        (await api.PostAsync("/api/portfolios/default/transfers", """{"transfer_id":"t1","amount":-50.25}""")).Json.GetProperty("sequence").GetInt64().ShouldBe(42);
    }

    [Theory]
    [InlineData("""{"reason":"order cancelled"}""", "order cancelled")]
    [InlineData("""{}""", "cancelled by the caller")]
    [InlineData("", "cancelled by the caller")]
    public async Task Release_GivesBackAReservation(string body, string reason)
    {
        api.Book.ReleaseAsync("default:7", reason).Returns(Outcome.Done(Samples.Reservation));

        var reply = await api.PostAsync("/api/portfolios/default/reservations/default:7/release", body, body.Length == 0 ? null : "application/json");

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("reservation_id").GetString().ShouldBe("default:7");
    }

    [Theory]
    [InlineData("/api/portfolios", """{"id":"Not An Id","currency":"usd","cash":"5","allow_short":"no"}""", "id form|currency form|cash type|allow_short type")]
    [InlineData("/api/portfolios", """{"id":"beta","cash":-1}""", "cash not_negative")]
    [InlineData("/api/portfolios/default/fills", """{"quantity":"1"}""", "quantity type|symbol required|action required|price required")]
    [InlineData("/api/portfolios/default/fills", """{"symbol":"IBM","action":"BUY","quantity":1,"price":1}""", "fill_id required")]
    [InlineData("/api/portfolios/default/transfers", """{"amount":1,"transfer":"x"}""", "transfer unknown_member|transfer_id required")]
    [InlineData("/api/portfolios/default/reservations/default:7/release", """{"reason":5}""", "reason type")]
    public async Task Body_OfTheWrongShape_NamesEveryError(string path, string body, string errors)
    {
        var reply = await api.PostAsync(path, body);

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(errors.Split('|'));
    }
}
