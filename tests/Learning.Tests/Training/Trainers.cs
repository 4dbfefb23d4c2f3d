namespace Trading.Learning.Tests;

static class Trainers
{
    public static IModelTrainer[] All { get; } =
        [new LogisticTrainer(), new LbfgsTrainer(), new SdcaTrainer(), new FastTreeTrainer(), new LightGbmTrainer()];
}
