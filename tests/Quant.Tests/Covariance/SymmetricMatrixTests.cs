namespace Trading.Quant.Tests;

public sealed class SymmetricMatrixTests
{
    [Fact]
    public void Products_OfAWorkedExample()
    {
        var matrix = SymmetricMatrix.Of([2, 1, 1, 3], 2);
        matrix.Times([1, -1]).ShouldBe([1, -2]);
        matrix.QuadraticForm([1, -1]).ShouldBe(3);
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Should.Throw<ArgumentException>(() => SymmetricMatrix.Of([], 0)).ParamName.ShouldBe("order");
        Should.Throw<ArgumentException>(() => SymmetricMatrix.Of([1, 2, 3], 2)).ParamName.ShouldBe("values");
        Should.Throw<ArgumentException>(() => SymmetricMatrix.Of([1, 2, 3, 4], 2)).ParamName.ShouldBe("values");
        Should.Throw<ArgumentException>(() => SymmetricMatrix.Of([1, double.NaN, double.NaN, 4], 2)).ParamName.ShouldBe("values");
        var matrix = SymmetricMatrix.Of([1, 0, 0, 1], 2);
        Should.Throw<ArgumentException>(() => matrix.Times([1]));
        Should.Throw<ArgumentException>(() => matrix.Times([1, double.NaN]));
        Should.Throw<ArgumentException>(() => matrix.QuadraticForm([1e200, 1e200]));
    }
}
