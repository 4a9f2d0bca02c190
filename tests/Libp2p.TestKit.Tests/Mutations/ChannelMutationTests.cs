using System.Runtime.CompilerServices;
using Libp2p.TestKit.Tests.Reference;

namespace Libp2p.TestKit.Tests.Mutations;

/// <summary>Every mistake of the reference channel, and the tests of the suites that must catch it.</summary>
public class ChannelMutationTests
{
    public static TheoryData<ChannelFault> Faults { get; } = [.. Enum.GetValues<ChannelFault>().Where(static fault => fault != ChannelFault.None)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_mutant_is_caught(ChannelFault fault)
    {
        var channel = new MutantChannel(fault);
        var bytes = new MutantBytes(fault);
        (Func<Task> Test, string Rule)[] catchers = fault switch
        {
            ChannelFault.AcceptsAnyPeer =>
            [
                By(channel.Row11_Another_peer_than_the_one_dialed_fails_at_both_ends_and_the_dialer_names_it),
                By(channel.Row11_Another_peer_than_the_one_expected_to_dial_fails_at_both_ends_and_the_listener_names_it),
            ],
            ChannelFault.NamesTheWrongPeer => [By(channel.Row11_Another_peer_than_the_one_dialed_fails_at_both_ends_and_the_dialer_names_it)],
            ChannelFault.AuthenticatesNothing =>
            [
                By(channel.Row10_A_handshake_altered_anywhere_never_succeeds_at_both_ends),
                By(channel.Row15_An_altered_ciphertext_fails_the_read_for_good_and_delivers_nothing),
                By(channel.A_repeated_message_is_delivered_once_and_then_fails_the_read),
                By(channel.A_lost_message_fails_the_read),
            ],
            ChannelFault.SendsPlaintext => [By(channel.The_wire_shows_nothing_of_what_is_sent), By(channel.Row15_An_altered_ciphertext_fails_the_read_for_good_and_delivers_nothing)],
            ChannelFault.ConstantNonce => [By(channel.The_same_bytes_never_look_the_same_twice), By(channel.A_repeated_message_is_delivered_once_and_then_fails_the_read)],
            ChannelFault.IgnoresThePrologue => [By(channel.Equal_prologues_agree_and_different_ones_do_not)],
            ChannelFault.MuxersDisagree => [By(channel.An_early_muxer_is_the_same_at_both_ends_and_offered_by_both)],
            ChannelFault.TruncationLooksLikeTheEnd => [By(channel.A_message_that_is_cut_off_is_a_failure_and_not_an_end)],
            ChannelFault.ForgetsFailures => [By(channel.Row15_An_altered_ciphertext_fails_the_read_for_good_and_delivers_nothing)],
            ChannelFault.UntypedErrors => [By(channel.Row10_A_handshake_altered_anywhere_never_succeeds_at_both_ends), By(() => channel.Garbage_instead_of_a_handshake_fails_both_ends(1))],
            ChannelFault.LosesWhatFollowsTheHandshake => [By(channel.Data_that_arrives_together_with_the_end_of_the_handshake_is_not_lost)],
            ChannelFault.KeepsTheWireOpen =>
                [By(channel.Closing_the_secured_bytes_closes_the_wire_and_aborting_aborts_it), By(bytes.Abort_fails_pending_and_later_reads_of_this_side)],
            ChannelFault.HidesFeatures => [By(channel.Features_of_the_wire_are_forwarded)],
            ChannelFault.IgnoresCancellation =>
                [By(() => channel.A_handshake_with_a_silent_remote_can_be_cancelled(ConnectionRole.Dialer)), By(() => channel.A_handshake_that_is_cancelled_already_fails(ConnectionRole.Listener))],
            ChannelFault.ConsumesWhatWasOnlyExamined =>
                [By(bytes.What_was_read_belongs_to_the_reader_and_may_be_changed_until_it_is_consumed)],
            ChannelFault.WaitsToSpeak => [By(channel.A_dialer_that_speaks_first_does_so_without_having_read)],
            ChannelFault.NoHalfClose => [By(bytes.Completing_the_output_flushes_and_is_read_as_the_end), By(bytes.The_end_repeats)],
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Name the test that catches it."),
        };
        foreach (var (test, rule) in catchers) await Mutants.ShouldBeCaughtAsync(test, rule);
    }

    private static (Func<Task> Test, string Rule) By(Func<Task> test, [CallerArgumentExpression(nameof(test))] string rule = "") => (test, rule);

    private sealed class MutantChannel(ChannelFault fault) : SecurityChannelContract
    {
        protected override TimeSpan Patience => Mutants.ShortPatience;

        protected override bool ChoosesMuxerEarly => true;

        protected override bool BindsPrologue => true;

        protected override ISecurityChannel CreateChannel() => new ReferenceChannel(fault);
    }

    private sealed class MutantBytes(ChannelFault fault) : ByteConnectionContract
    {
        protected override TimeSpan Patience => Mutants.ShortPatience;

        protected override async ValueTask<ByteConnectionPair> ConnectAsync()
        {
            var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(new ReferenceChannel(fault), new ReferenceChannel(fault), BytePair.Create());
            return new ByteConnectionPair(dialer.Connection, listener.Connection);
        }
    }
}
