namespace Libp2p.Oracle.Tests;

/// <summary>The contract of the lines themselves.</summary>
public class ContractTests
{
    [Fact]
    public async Task Answers_come_one_a_line_in_order_and_empty_lines_are_passed_over()
    {
        var output = new StringWriter();
        var input = new StringReader("""
            {"op":"varint","bytes":"01"}

            not json
            {"op":"varint","bytes":"02"}
            """);

        (await OracleProgram.RunAsync(input, output)).ShouldBe(0);

        var lines = output.ToString().Split('\n');
        lines.Length.ShouldBe(4);
        lines[0].ShouldBe("""{"ok":true,"value":"1","length":1}""");
        lines[1].ShouldStartWith("""{"ok":false,"error":""");
        lines[2].ShouldBe("""{"ok":true,"value":"2","length":1}""");
        lines[3].ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ipld")]
    [InlineData("no such thing")]
    public void An_op_that_is_not_there_yet_is_unsupported(string op) => Ask.Refused($$"""{"op":"{{op}}"}""").ShouldBe($"unsupported: {op}");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"op":1}""")]
    [InlineData("""{"op":"varint"}""")]
    [InlineData("""{"op":"varint","bytes":"0"}""")]
    [InlineData("""{"op":"varint","bytes":"xy"}""")]
    [InlineData("""{"op":"varint","bytes":1}""")]
    [InlineData("""{"op":"hkdf-sha256","length":"many"}""")]
    [InlineData("""{"op":"hkdf-sha256","length":-1}""")]
    [InlineData("""{"op":"x25519","private":"00","public":"00"}""")]
    [InlineData("""{"op":"chacha20poly1305","key":"","nonce":"","aad":"","ciphertext":""}""")]
    [InlineData("""{"op":"noise-xx","role":"dialer","static":"","ephemeral":""}""")]
    [InlineData("""{"op":"multistream","role":"dialer","supported":[],"bytes":""}""")]
    [InlineData("""{"op":"multistream","role":"dialer","supported":["a"],"bytes":""}""")]
    [InlineData("""{"op":"envelope","domain":"","bytes":""}""")]
    public void A_question_that_makes_no_sense_is_refused_not_a_crash(string question) => Ask.Refused(question);

    [Fact]
    public void Text_that_is_no_text_is_refused_not_a_crash() => Ask.Refused("""{"op":"cid","text":"\ud800"}""");
}
