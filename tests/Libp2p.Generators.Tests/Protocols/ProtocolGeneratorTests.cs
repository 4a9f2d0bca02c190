using System.Text;
using Libp2p.Generators.Protocols;
using Libp2p.Generators.Tests.Support;
using Microsoft.CodeAnalysis;

namespace Libp2p.Generators.Tests.Protocols;

public class ProtocolGeneratorTests
{
    private const string Source =
        """
        using System.Threading; using System.Threading.Tasks; using Libp2p;
        namespace Acme.Chat;

        [Protocol("/acme/chat/2.0.0")]
        [Protocol("/acme/chat/1.0.0")]
        public sealed partial class ChatHandler : IProtocolHandler
        {
            public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default;
        }

        public static partial class Outer<T>
        {
            [Protocol("/acme/noise")]
            internal sealed partial class Channel : ISecurityChannel
            {
                public bool DialerSpeaksFirst => true;

                public ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default) => default;
            }
        }
        """;

    [Fact]
    public void Snapshot_of_a_handler_with_two_ids() => Snapshot.Match(GeneratorRun.Of(Source).File("Acme.Chat.ChatHandler.Protocols.g.cs"), "ChatHandler.Protocols");

    [Fact]
    public void Snapshot_of_a_nested_channel() => Snapshot.Match(GeneratorRun.Of(Source).File("Acme.Chat.Outer_1.Channel.Protocols.g.cs"), "Channel.Protocols");

    [Fact]
    public void Emitted_code_compiles_without_warnings()
    {
        var run = GeneratorRun.Of(Source);
        run.Reported.ShouldBeEmpty();
        run.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Ids_on_several_parts_of_a_type_are_emitted_once()
    {
        var run = GeneratorRun.Of(Source + "\n[Protocol(\"/acme/chat/0.9.0\")] public sealed partial class ChatHandler;");
        run.Problems.ShouldBeEmpty();
        run.File("Acme.Chat.ChatHandler.Protocols.g.cs").ShouldContain("/acme/chat/0.9.0");
    }

    [Fact]
    public void A_property_the_user_wrote_is_left_alone()
    {
        var run = GeneratorRun.Of(Source.Replace(
            "public ValueTask HandleAsync", "public System.Collections.Immutable.ImmutableArray<ProtocolId> Protocols => ProtocolIds; public ValueTask HandleAsync"));
        run.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Unrelated_edits_recompute_nothing()
    {
        var first = GeneratorRun.Of(Source);
        var second = first.WithAnother("class Unrelated;");
        second.Reasons(ProtocolGenerator.ReadStep).ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
        second.OutputReasons.ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Edits_above_a_type_do_not_emit_it_again()
    {
        var second = GeneratorRun.Of(Source).WithSource("// a comment that moves every line\n" + Source);
        second.Reasons(ProtocolGenerator.ModelStep).ShouldAllBe(reason => reason == IncrementalStepRunReason.Unchanged || reason == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Emitted_ids_run()
    {
        Pinger.ProtocolId.Value.ShouldBe("/acme/ping/1.0.0");
        Pinger.ProtocolIds.ShouldBe([Pinger.ProtocolId]);
        new Pinger().Protocols.ShouldBe(Pinger.ProtocolIds);
        Pinger.ProtocolId.MultistreamLine.ToArray().ShouldBe(new ProtocolId("/acme/ping/1.0.0").MultistreamLine.ToArray());
        ((IStreamMuxer)new Muxer()).Protocol.MultistreamLine.ToArray().ShouldBe(new ProtocolId(Muxer.LongId).MultistreamLine.ToArray());
        Encoding.UTF8.GetByteCount(Muxer.LongId).ShouldBeGreaterThan(127);
    }

    [Fact]
    public void A_line_is_the_same_array_every_time() =>
        Pinger.ProtocolId.MultistreamLine.Span.Overlaps(Pinger.ProtocolIds[0].MultistreamLine.Span).ShouldBeTrue();
}

[Protocol("/acme/ping/1.0.0")]
internal sealed partial class Pinger : IProtocolHandler
{
    public ValueTask HandleAsync(IStream stream, CancellationToken cancellationToken) => default;
}

[Protocol(LongId)]
internal sealed partial class Muxer : IStreamMuxer
{
    public const string LongId = "/acme/ünïcödé-0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";

    public ValueTask<IMuxedConnection> MultiplexAsync(IByteConnection secured, UpgradeContext context, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
