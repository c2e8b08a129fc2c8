import { AIMessage } from '@langchain/core/messages';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { ChatPromptTemplate } from '@langchain/core/prompts';
import { RunnableLambda, RunnableSequence } from '@langchain/core/runnables';

export default async () => {
  const prompt = ChatPromptTemplate.fromMessages([
    ['system', 'You answer in {language}.'],
    ['human', '{question}'],
  ]);
  const model = RunnableLambda.from((value) => {
    const messages = value.toChatMessages();
    return new AIMessage(messages.map((message) => `${message.getType()}:${message.content}`).join('|'));
  });
  const chain = RunnableSequence.from([prompt, model, new StringOutputParser()]);
  const answers = await chain.batch([
    { language: 'German', question: 'Why?' },
    { language: 'Latin', question: 'When?' },
  ]);
  return { answers, variables: prompt.inputVariables };
};
