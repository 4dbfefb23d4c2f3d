using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Section <c>paper_broker</c>: what a paper fill costs. 1 bp is a ten-thousandth.</summary>
public sealed class PaperBrokerOptions
{
    public const string Section = "paper_broker";

    /// <summary>Half of the spread between bid and offer, 0 to 1,000 bp of the price.</summary>
    [ConfigurationKeyName("half_spread_bp")] public double HalfSpreadBp { get; set; } = 1;

    /// <summary>What an order of a whole day's volume would move the price by, 0 to 10,000 bp; smaller ones by the
    /// square root of their share of it.</summary>
    [ConfigurationKeyName("impact_bp")] public double ImpactBp { get; set; } = 100;

    /// <summary>Commission, 0 to 1,000 bp of the amount.</summary>
    [ConfigurationKeyName("commission_bp")] public double CommissionBp { get; set; } = 0.5;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [];
        Within("half_spread_bp", HalfSpreadBp, 1_000);
        Within("impact_bp", ImpactBp, 10_000);
        Within("commission_bp", CommissionBp, 1_000);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Within(string key, double value, double most)
        {
            if (!(value >= 0 && value <= most))
                errors.Add(FormattableString.Invariant($"{Section}:{key} must be from 0 to {most}; it is {value}."));
        }
    }
}

/// <summary>Fills every order whole at the last price that the book knows, made worse by the costs of trading; the same
/// order at the same quote always gets the same fill.</summary>
/// <remarks>A unit costs price × (1 ± (half spread + impact × √(quantity / daily volume))), the impact counted where
/// the volume is known; square-root impact after Almgren, Thum, Hauptmann and Li, Direct estimation of equity market
/// impact, 2005. Commission is a fraction of the amount. A limit order waits until that price is at or better than its
/// limit.</remarks>
public sealed class PaperBroker(IOptions<PaperBrokerOptions> options) : IBroker
{
    const double BasisPoint = 1e-4;

    public string Name => "paper";

    public ValueTask<BrokerAnswer> ExecuteAsync(BrokerOrder order, CancellationToken cancellation) =>
        new(Execute(order, options.Value));

    public static BrokerAnswer Execute(BrokerOrder order, PaperBrokerOptions costs)
    {
        if (order.Quote is not { } quote) return BrokerAnswer.Working($"There is no price of {order.Symbol}.");
        var participation = quote.DailyVolume is > 0m and { } volume ? Money.ToDouble(order.Quantity / volume) : 0;
        var worse = (decimal)((costs.HalfSpreadBp + costs.ImpactBp * Math.Sqrt(participation)) * BasisPoint);
        var price = Money.Round(quote.Price * (order.Action == Side.Buy ? 1 + worse : 1 - worse));
        if (price <= 0 || price > OrderValidator.MaxPrice)
            return BrokerAnswer.Working(string.Create(
                CultureInfo.InvariantCulture,
                $"{order.Symbol} would trade at {price}: the order is out of all proportion."));
        if (order.LimitPrice is { } limit && (order.Action == Side.Buy ? price > limit : price < limit))
            return BrokerAnswer.Working(string.Create(
                CultureInfo.InvariantCulture,
                $"{order.Symbol} trades at {price}, beyond the limit of {limit}."));
        return BrokerAnswer.Filled(
            order.Quantity, price, Money.Round(order.Quantity * price * (decimal)(costs.CommissionBp * BasisPoint)));
    }
}

public static class PaperBrokerServices
{
    /// <summary>Executes the orders of all books on paper; options from section <c>paper_broker</c>, checked at the
    /// start.</summary>
    public static IServiceCollection AddPaperBroker(this IServiceCollection services)
    {
        services.AddOptions<PaperBrokerOptions>().BindConfiguration(PaperBrokerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaperBrokerOptions>, Validator>();
        return services.AddSingleton<IBroker, PaperBroker>();
    }

    sealed class Validator : IValidateOptions<PaperBrokerOptions>
    {
        public ValidateOptionsResult Validate(string? name, PaperBrokerOptions options) => options.Validate();
    }
}
