using Libp2p.Fuzz.Loop;
using Libp2p.Fuzz.Mutation;

namespace Libp2p.Fuzz.Tests;

public class ExecutionTests
{
    private static readonly Picky Target = new();

    [Fact]
    public void A_defect_is_seen_and_named_by_its_place()
    {
        Execution.Try(Target, [1, 2]).ShouldBeNull();
        var one = Execution.Try(Target, [0xCA]).ShouldBeOfType<PropertyException>();
        var same = Execution.Try(Target, [0xCA, 1]).ShouldBeOfType<PropertyException>();
        var other = Execution.Try(Target, [1, 0xFF]).ShouldBeOfType<PropertyException>();
        FindingStore.Name(same).ShouldBe(FindingStore.Name(one));
        FindingStore.Name(other).ShouldNotBe(FindingStore.Name(one));
    }

    [Fact]
    public void Memory_out_of_proportion_is_a_defect() => Execution.Try(Target, [0xEE]).ShouldNotBeNull().Message.ShouldContain("allocate");

    [Fact]
    public void A_failure_of_a_run_says_which_input_it_was_and_how_to_repeat_it()
    {
        var failure = Should.Throw<InvalidOperationException>(() => MutationRun.Run(Target, 3, 20_000)).Message;
        failure.ShouldContain("of seed 3");
        failure.ShouldContain("-- replay picky ");
        var path = failure.Split("replay picky ")[1].Split('\n')[0];
        Execution.Try(Target, File.ReadAllBytes(path)).ShouldNotBeNull();
    }
}
